using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;
using Pipeline.Inspect.Correcting;
using Pipeline.Inspect.Data;
using Pipeline.Inspect.Pages;
using Pipeline.Inspect.Plain;
using Pipeline.Inspect.Retraining;

namespace Pipeline.Inspect;

/// <summary>The local web page over one output folder. Listens on the loopback address only.</summary>
public sealed class InspectServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly OutputStore store;
    private readonly CancellationTokenSource stopping = new();
    private Task reading = Task.CompletedTask;

    private InspectServer(WebApplication app, OutputStore store)
    {
        this.app = app;
        this.store = store;
    }

    /// <summary>The address to print; with <see cref="InspectOptions.Key"/> it carries the key of this start.</summary>
    public string Address => AddressWith(app.Services.GetRequiredService<AccessKeys>().Printed);

    /// <summary>The address to start a browser with: a key in it works once, for others can read the command lines of processes.</summary>
    public string AddressToOpen => AddressWith(app.Services.GetRequiredService<AccessKeys>().Once);

    /// <summary>Where the page is, without a key; known once the server has started.</summary>
    internal string Root => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Completes when the tables that fit are in memory.</summary>
    public Task Reading => reading;

    /// <summary>Opens the folder and starts the server.</summary>
    /// <param name="options">What is asked.</param>
    /// <param name="time">The clock that corrections are dated by.</param>
    /// <param name="warn">Gets what goes wrong inside, a line each.</param>
    /// <exception cref="UserFileException">The folder holds no complete output, or the port is taken.</exception>
    public static async Task<InspectServer> StartAsync(InspectOptions options, TimeProvider time, Action<string> warn)
    {
        var store = OutputStore.Open(options.Folder);
        try
        {
            store.ExpectMemory();
            var started = false;
            var server = new InspectServer(Build(options, store, time, line =>
            {
                // What fails before is thrown, and told once.
                if (Volatile.Read(ref started))
                    warn(line);
            }), store);
            await server.app.StartAsync().ConfigureAwait(false);
            Volatile.Write(ref started, true);
            server.reading = Task.Run(() => server.Read(warn));
            return server;
        }
        catch (IOException e)
        {
            store.Dispose();
            throw new UserFileException($"127.0.0.1:{options.Port}", 0, "the port is taken; choose another with --port, or 0 for any", e);
        }
        catch (SocketException e)
        {
            store.Dispose();
            throw new UserFileException($"127.0.0.1:{options.Port}", 0, $"nobody may listen there ({e.Message}); choose another with --port, or 0 for any", e);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Runs until stopped.</summary>
    public Task WaitAsync(CancellationToken stop) => ((IHost)app).WaitForShutdownAsync(stop);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        // Open pages are told and let go before what they use is gone.
        using (var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5)))
            await app.StopAsync(soon.Token).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        store.Dispose();
        stopping.Dispose();
    }

    private string AddressWith(string key) =>
        app.Services.GetRequiredService<InspectOptions>().Key ? $"{Root}/?{AccessKeys.Name}={key}" : Root;

    private void Read(Action<string> warn)
    {
        try
        {
            store.ReadIntoMemory(stopping.Token);
            // Whoever looks first shall not wait for it.
            Overview.Of(store, app.Services.GetRequiredService<RolePalette>(), links: true);
        }
        catch (Exception e) when (e is DuckDB.NET.Data.DuckDBException or OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested)
                warn($"the tables stay on disk, questions take longer: {e.Message.Split('\n')[0]}");
        }
    }

    private static WebApplication Build(InspectOptions options, OutputStore store, TimeProvider time, Action<string> warn)
    {
        // Nothing is taken from environment variables or setting files: they could open the server to the network.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "Pipeline.Inspect",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = "Production",
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Logging.AddProvider(new WarningLog(warn));
        builder.Services.AddRoutingCore();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<AccessKeys>();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(new RolePalette(store.Labels));
        builder.Services.AddSingleton(new CorrectionDesk(store, options.Who, time));
        builder.Services.AddSingleton<RoleRetraining>();
        var app = builder.Build();
        app.UseMiddleware<LocalRequests>();
        app.UseRouting();
        app.UseAntiforgery();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = "'none'");
        Downloads.Map(app);
        return app;
    }

    private sealed class WarningLog(Action<string> warn) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                warn((formatter(state, exception) + (exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}")).ReplaceLineEndings(" "));
        }

        public void Dispose()
        {
        }
    }
}
