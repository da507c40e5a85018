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
            (i, _) =>
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
            Enumerable.Range(0, 100), (i, _) => i == 50 ? throw new InvalidTimeZoneException() : i, results.Add, () => { }, threads,
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
            Source(), (i, _) => i, _ => { }, () => { }, threads, TestContext.Current.CancellationToken));
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
            Enumerable.Range(0, 1_000_000), (i, _) => i, Consume, () => { }, threads, cancel.Token));
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
            Source(), (i, _) => i,
            _ =>
            {
                consumed++;
                farthest = Math.Max(farthest, Volatile.Read(ref walked) - consumed);
            },
            () => { }, 4, TestContext.Current.CancellationToken);
        Assert.InRange(farthest, 0, 4 * 50);
    }

    /// <summary>Items that turn out heavier while others wait behind them: the one whose turn it is must get through.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Keeps_what_is_in_flight_under_its_weight_but_for_the_item_whose_turn_it_is(int threads)
    {
        const int Most = 100;
        long inFlight = 0, heaviest = 0;
        var results = new List<int>();
        OrderedParallel.Run(
            Enumerable.Range(0, 500),
            (i, load) =>
            {
                var weight = i % 50 == 49 ? 3 * Most : 10 + (i % 20);
                load.Grow(weight);
                var now = Interlocked.Add(ref inFlight, weight);
                for (var seen = Volatile.Read(ref heaviest); now > seen; seen = Volatile.Read(ref heaviest))
                    Interlocked.CompareExchange(ref heaviest, now, seen);
                return (i, weight);
            },
            done =>
            {
                Interlocked.Add(ref inFlight, -done.weight);
                results.Add(done.i);
            },
            () => { }, threads, TestContext.Current.CancellationToken, i => 1 + (i % 10), Most);
        Assert.Equal(Enumerable.Range(0, 500), results);
        Assert.InRange(heaviest, 1, Most + (3 * Most));
    }

    [Fact]
    public void Stops_when_cancelled_while_items_wait_for_room()
    {
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => OrderedParallel.Run(
            Enumerable.Range(0, 100),
            (i, load) =>
            {
                if (i == 0)
                {
                    cancel.CancelAfter(20);
                    cancel.Token.WaitHandle.WaitOne();
                }

                load.Grow(80);
                return i;
            },
            _ => { }, () => { }, 4, cancel.Token, _ => 1, 100));
    }
}
