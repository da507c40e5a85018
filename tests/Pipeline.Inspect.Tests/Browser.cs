using Microsoft.Playwright;

namespace Pipeline.Inspect.Tests;

/// <summary>
/// Debian's Chromium (<c>apt-get install chromium</c>, or the path in CHROMIUM), and the page over the sample in it. Tests are skipped
/// where there is none.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? chromium;

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(path))
            return;
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-default-apps", "--no-first-run", "--no-default-browser-check", "--metrics-recording-only", "--disable-domain-reliability",
                "--disable-features=OptimizationHints,MediaRouter,Translate",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>A fresh browser profile at the address, which must ask nothing of any other.</summary>
    internal async Task<IPage> OpenAsync(string address, int width = 1400, int height = 950, bool dark = false)
    {
        if (chromium is null)
            Assert.Skip("no browser: install Chromium (apt-get install chromium) or set CHROMIUM to its path");
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(30_000);
        await context.RouteAsync("**/*", async route =>
        {
            Assert.StartsWith(address, route.Request.Url, StringComparison.Ordinal);
            await route.ContinueAsync();
        });
        return await context.NewPageAsync();
    }
}
