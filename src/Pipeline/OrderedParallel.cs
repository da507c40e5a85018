using System.Collections.Concurrent;

namespace Pipeline;

/// <summary>
/// Work in parallel, results in order, memory bounded by the items in flight. With one thread everything happens on the
/// calling thread; otherwise one thread walks, <c>threads</c> work, and the calling thread consumes.
/// </summary>
internal static class OrderedParallel
{
    /// <param name="source">Read by one thread, item by item.</param>
    /// <param name="work">Called on any thread.</param>
    /// <param name="consume">Called on the calling thread, in the order of the source.</param>
    /// <param name="idle">Called on the calling thread before it has to wait.</param>
    /// <param name="threads">Number of workers, at least 1.</param>
    /// <param name="cancellation">Stops between items; what was consumed stays consumed.</param>
    public static void Run<TIn, TOut>(
        IEnumerable<TIn> source, Func<TIn, TOut> work, Action<TOut> consume, Action idle, int threads, CancellationToken cancellation)
    {
        if (threads == 1)
        {
            foreach (var item in source)
            {
                cancellation.ThrowIfCancellationRequested();
                consume(work(item));
                idle();
            }

            return;
        }

        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Not disposed: a thread that is still busy when the run has ended would fail on them, and the process with it.
        var toDo = new BlockingCollection<Job<TIn, TOut>>(threads * 16);
        var inOrder = new BlockingCollection<Job<TIn, TOut>>(threads * 32);
        var workers = new List<Thread> { Start("walk", () => WalkInto(source, toDo, inOrder, stop.Token)) };
        for (var i = 0; i < threads; i++)
            workers.Add(Start("work", () => Work(toDo, work, stop.Token)));
        try
        {
            while (true)
            {
                if (!inOrder.TryTake(out var job))
                {
                    idle();
                    if (!inOrder.TryTake(out job, Timeout.Infinite, stop.Token))
                        break;
                }

                if (!job.Done.IsSet)
                {
                    idle();
                    job.Done.Wait(stop.Token);
                }

                job.Done.Dispose();
                job.Failure?.Throw();
                consume(job.Output!);
            }
        }
        finally
        {
            stop.Cancel();
            // The walk may be waiting for input that never comes; as a background thread it ends with the process.
            foreach (var worker in workers)
                worker.Join(TimeSpan.FromMilliseconds(200));
        }
    }

    private static Thread Start(string name, ThreadStart body)
    {
        var thread = new Thread(body) { Name = name, IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void WalkInto<TIn, TOut>(
        IEnumerable<TIn> source, BlockingCollection<Job<TIn, TOut>> toDo, BlockingCollection<Job<TIn, TOut>> inOrder, CancellationToken stop)
    {
        try
        {
            foreach (var item in source)
            {
                var job = new Job<TIn, TOut>(item);
                inOrder.Add(job, stop);
                toDo.Add(job, stop);
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            // A bug in the walk must reach the calling thread, in order.
            var job = new Job<TIn, TOut>(default!) { Failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e) };
            job.Done.Set();
            TryAdd(inOrder, job, stop);
        }

        toDo.CompleteAdding();
        inOrder.CompleteAdding();
    }

    private static void TryAdd<T>(BlockingCollection<T> queue, T item, CancellationToken stop)
    {
        try
        {
            queue.Add(item, stop);
        }
        catch (OperationCanceledException)
        {
            // The run is over already.
        }
    }

    private static void Work<TIn, TOut>(BlockingCollection<Job<TIn, TOut>> toDo, Func<TIn, TOut> work, CancellationToken stop)
    {
        try
        {
            foreach (var job in toDo.GetConsumingEnumerable(stop))
            {
                try
                {
                    job.Output = work(job.Input);
                }
                catch (Exception e)
                {
                    job.Failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
                }

                job.Done.Set();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private sealed class Job<TIn, TOut>(TIn input)
    {
        public TIn Input { get; } = input;

        public TOut? Output { get; set; }

        public System.Runtime.ExceptionServices.ExceptionDispatchInfo? Failure { get; set; }

        public ManualResetEventSlim Done { get; } = new();
    }
}
