using Microsoft.Playwright;

namespace Pipeline.Inspect.Tests;

/// <summary>
/// The Chromium that is installed here (or the one at CHROMIUM). Nothing is fetched: where there is none, or it does not start,
/// tests are skipped with the reason. One that CHROMIUM names must start.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Install = "install Chromium (apt-get install chromium) or set CHROMIUM to its path";
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private IPlaywright? playwright;
    private IBrowser? chromium;
    private string problem = $"no browser: {Install}";

    public async ValueTask InitializeAsync()
    {
        var named = Environment.GetEnvironmentVariable("CHROMIUM");
        if ((named is { Length: > 0 } ? named : Places.FirstOrDefault(File.Exists)) is not { } path || !File.Exists(path))
            return;
        try
        {
            playwright = await Playwright.CreateAsync().WaitAsync(Patience);
            chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = path,
                Timeout = (float)Patience.TotalMilliseconds,
                Args =
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-default-apps", "--no-first-run", "--no-default-browser-check", "--metrics-recording-only", "--disable-domain-reliability",
                    "--disable-features=OptimizationHints,MediaRouter,Translate",
                ],
            });
        }
        catch (Exception e) when (named is null && e is (PlaywrightException or TimeoutException or System.ComponentModel.Win32Exception or IOException))
        {
            problem = $"{path} does not start ({e.Message.Split('\n')[0]}): {Install}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>Skips the test where there is no browser.</summary>
    internal void Require()
    {
        if (chromium is null)
            Assert.Skip(problem);
    }

    /// <summary>A fresh browser profile that has the server's cookie, and must ask nothing of any other server.</summary>
    internal async Task<IPage> OpenAsync(InspectServer server, int width = 1400, int height = 950, bool dark = false)
    {
        Require();
        Assertions.SetDefaultExpectTimeout(30_000);
        var context = await chromium!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.Root,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(30_000);
        await context.RouteAsync("**/*", async route =>
        {
            Assert.StartsWith(server.Root, route.Request.Url, StringComparison.Ordinal);
            await route.ContinueAsync();
        });
        Assert.True((await context.APIRequest.GetAsync(server.Address)).Ok);
        return await context.NewPageAsync();
    }
}
