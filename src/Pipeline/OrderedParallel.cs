using System.Collections.Concurrent;

namespace Pipeline;

/// <summary>
/// Work in parallel, results in order, memory bounded by the items in flight and by what they weigh together. With one thread
/// everything happens on the calling thread; otherwise one thread walks, <c>threads</c> work, and the calling thread consumes.
/// </summary>
internal static class OrderedParallel
{
    /// <param name="source">Read by one thread, item by item.</param>
    /// <param name="work">Called on any thread; tells the item's load when the item turns out to weigh more.</param>
    /// <param name="consume">Called on the calling thread, in the order of the source.</param>
    /// <param name="idle">Called on the calling thread before it has to wait.</param>
    /// <param name="threads">Number of workers, at least 1.</param>
    /// <param name="cancellation">Stops between items; what was consumed stays consumed.</param>
    /// <param name="weigh">What an item weighs, as far as that is known before work; nothing if <see langword="null"/>.</param>
    /// <param name="mostInFlight">What all items in flight may weigh together; the one whose turn it is goes on at any weight.</param>
    public static void Run<TIn, TOut>(
        IEnumerable<TIn> source, Func<TIn, Load, TOut> work, Action<TOut> consume, Action idle, int threads, CancellationToken cancellation,
        Func<TIn, long>? weigh = null, long mostInFlight = long.MaxValue)
    {
        if (threads == 1)
        {
            foreach (var item in source)
            {
                cancellation.ThrowIfCancellationRequested();
                consume(work(item, Load.Alone));
                idle();
            }

            return;
        }

        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Not disposed: a thread that is still busy when the run has ended would fail on them, and the process with it.
        var toDo = new BlockingCollection<Job<TIn, TOut>>(threads * 16);
        var inOrder = new BlockingCollection<Job<TIn, TOut>>(threads * 32);
        var scale = new Scale(mostInFlight, stop.Token);
        using var wake = stop.Token.Register(scale.Wake);
        var workers = new List<Thread> { Start("walk", () => WalkInto(source, toDo, inOrder, scale, weigh, stop.Token)) };
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
                job.Consume(consume);
                job.Load.Leave();
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
        IEnumerable<TIn> source, BlockingCollection<Job<TIn, TOut>> toDo, BlockingCollection<Job<TIn, TOut>> inOrder,
        Scale scale, Func<TIn, long>? weigh, CancellationToken stop)
    {
        try
        {
            foreach (var item in source)
            {
                var job = new Job<TIn, TOut>(item, scale.Enter());
                job.Load.Grow(weigh?.Invoke(item) ?? 0);
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
            var job = new Job<TIn, TOut>(default!, Load.Alone) { Failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e) };
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

    private static void Work<TIn, TOut>(BlockingCollection<Job<TIn, TOut>> toDo, Func<TIn, Load, TOut> work, CancellationToken stop)
    {
        try
        {
            foreach (var job in toDo.GetConsumingEnumerable(stop))
            {
                job.Do(work);
                job.Done.Set();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>What one item in flight weighs.</summary>
    internal sealed class Load
    {
        private readonly Scale? scale;
        private readonly long turn;
        private long weight;

        internal Load(Scale? scale, long turn) => (this.scale, this.turn) = (scale, turn);

        /// <summary>The only item there is: it may weigh what it likes.</summary>
        public static Load Alone { get; } = new(null, 0);

        /// <summary>
        /// Tells what the item weighs now. Waits, where that is more than before, until there is room, or until it is the
        /// item's turn to be consumed, so that something always goes on.
        /// </summary>
        public void Grow(long to)
        {
            if (scale is null || to <= weight)
                return;
            scale.Add(to - weight, turn);
            weight = to;
        }

        internal void Leave() => scale?.Leave(weight);
    }

    /// <summary>The weight of all items in flight. Safe to share between threads.</summary>
    internal sealed class Scale(long most, CancellationToken stop)
    {
        private readonly object gate = new();
        private long weight, entered, left;

        /// <summary>The load of the next item, of no weight as yet. Called by the walk alone.</summary>
        public Load Enter() => new(this, entered++);

        public void Add(long more, long turn)
        {
            lock (gate)
            {
                while (weight + more > most && turn != left && !stop.IsCancellationRequested)
                    Monitor.Wait(gate);
                stop.ThrowIfCancellationRequested();
                weight += more;
            }
        }

        public void Leave(long weightOfItem)
        {
            lock (gate)
            {
                weight -= weightOfItem;
                left++;
                Monitor.PulseAll(gate);
            }
        }

        public void Wake()
        {
            lock (gate)
                Monitor.PulseAll(gate);
        }
    }

    private sealed class Job<TIn, TOut>(TIn input, Load load)
    {
        public TIn Input { get; private set; } = input;

        public Load Load { get; } = load;

        // Methods of their own, since a loop holds on to what it had in hand last while it waits for the next.
        public void Do(Func<TIn, Load, TOut> work)
        {
            try
            {
                Output = work(Input, Load);
            }
            catch (Exception e)
            {
                Failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            }
        }

        public void Consume(Action<TOut> consume)
        {
            consume(Output!);
            (Input, Output) = (default!, default);
        }

        public TOut? Output { get; set; }

        public System.Runtime.ExceptionServices.ExceptionDispatchInfo? Failure { get; set; }

        public ManualResetEventSlim Done { get; } = new();
    }
}
