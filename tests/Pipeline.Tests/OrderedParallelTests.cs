namespace Pipeline.Tests;

public class OrderedParallelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Gives_results_in_the_order_of_the_source(int threads)
    {
        var results = new List<int>();
        OrderedParallel.Run(
            Enumerable.Range(0, 2000),
            i =>
            {
                Thread.SpinWait((i * 7919 % 13) * 50);
                return i * 2;
            },
            results.Add, () => { }, threads, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => i * 2), results);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Lets_a_bug_in_the_work_through_after_the_results_before_it(int threads)
    {
        var results = new List<int>();
        Assert.Throws<InvalidTimeZoneException>(() => OrderedParallel.Run(
            Enumerable.Range(0, 100), i => i == 50 ? throw new InvalidTimeZoneException() : i, results.Add, () => { }, threads,
            TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(0, 50), results);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Lets_a_bug_in_the_source_through(int threads)
    {
        static IEnumerable<int> Source()
        {
            yield return 1;
            throw new InvalidTimeZoneException();
        }

        Assert.Throws<InvalidTimeZoneException>(() => OrderedParallel.Run(
            Source(), i => i, _ => { }, () => { }, threads, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Stops_when_cancelled_with_an_unbroken_run_of_results(int threads)
    {
        using var cancel = new CancellationTokenSource();
        var results = new List<int>();
        void Consume(int i)
        {
            results.Add(i);
            if (i == 30)
                cancel.Cancel();
        }

        Assert.ThrowsAny<OperationCanceledException>(() => OrderedParallel.Run(
            Enumerable.Range(0, 1_000_000), i => i, Consume, () => { }, threads, cancel.Token));
        Assert.Equal(Enumerable.Range(0, results.Count), results);
        Assert.True(results.Count < 10_000);
    }

    [Fact]
    public void Keeps_a_bounded_number_of_items_in_flight()
    {
        var walked = 0;
        var farthest = 0;
        var consumed = 0;
        IEnumerable<int> Source()
        {
            for (var i = 0; i < 5000; i++)
            {
                Interlocked.Increment(ref walked);
                yield return i;
            }
        }

        OrderedParallel.Run(
            Source(), i => i,
            _ =>
            {
                consumed++;
                farthest = Math.Max(farthest, Volatile.Read(ref walked) - consumed);
            },
            () => { }, 4, TestContext.Current.CancellationToken);
        Assert.InRange(farthest, 0, 4 * 50);
    }
}
