using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pipeline.Inspect.Tests;

/// <summary>The page as people use it. With PIPELINE_SCREENSHOTS set to a folder, pictures of the views are left there.</summary>
public sealed partial class BrowserTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly SampleOutput sample = new();
    private readonly List<string> warnings = [];
    private InspectServer server = null!;

    private string Models => Path.Combine(sample.Folder, "models");

    public async ValueTask InitializeAsync()
    {
        var labels = Path.Combine(sample.Folder, "few-labels.csv");
        File.WriteAllLines(labels, FewLabels());
        server = await InspectServer.StartAsync(
            new InspectOptions { Folder = sample.Folder, Who = "ann", Models = Models, Labels = [labels], Key = true }, TimeProvider.System, warnings.Add);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        sample.Dispose();
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task Opens_filters_and_finds_the_same_rows_again_from_a_bookmark()
    {
        var page = await browser.OpenAsync(server);
        await GoAsync(page, "/");
        await Expect(page.Locator(".counts")).ToContainTextAsync("7 sentences");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sentences", Exact = true }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(7);
        await page.Locator(".facet a", new() { HasText = "motivation" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("GRAIN");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page).ToHaveURLAsync(new Regex(@"/sentences\?q=GRAIN&role=motivation$"));
        await ShotAsync(page, "sentences");

        var bookmark = page.Url;
        var other = await browser.OpenAsync(server);
        await GoAsync(other, bookmark);
        await Expect(other.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(other.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("GRAIN");
        var download = await other.RunAndWaitForDownloadAsync(() => other.GetByText("Export these rows as CSV").ClickAsync());
        Assert.Equal(2, (await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).Length);
        await other.GetByText("Clear all filters").First.ClickAsync();
        await Expect(other.Locator("tbody tr")).ToHaveCountAsync(7);
    }

    [Fact]
    public async Task The_printed_address_opens_the_page_and_nothing_else_does()
    {
        var page = await browser.OpenAsync(server);
        await page.Context.ClearCookiesAsync();
        var response = await page.GotoAsync("/sentences");
        Assert.Equal(403, response!.Status);
        await Expect(page.Locator("body")).ToHaveTextAsync("Open the address that 'pipeline inspect' has printed: it carries the key of this start.");
        await page.GotoAsync(server.Address);
        await page.WaitForURLAsync(server.Root + "/");
        await page.WaitForSelectorAsync("html[data-ready]", new() { State = WaitForSelectorState.Attached });
        await Expect(page.Locator(".counts")).ToContainTextAsync("7 sentences");
        Assert.Equal("", await page.EvaluateAsync<string>("document.cookie"));
    }

    [Fact]
    public async Task Roles_are_corrected_by_keyboard_and_mouse_and_taken_back()
    {
        var page = await browser.OpenAsync(server);
        await GoAsync(page, $"/article/{SampleOutput.Quiet}");
        await page.Locator("#s1").FocusAsync();
        await page.Keyboard.PressAsync("2");
        await Expect(page.Locator("#s1 .tag")).ToContainTextAsync("M97✎");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("#s2")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("3");
        await Expect(page.Locator("#s2 .tag")).ToContainTextAsync("I55✎");
        await page.Locator("#s4").ClickAsync();
        await page.Locator("aside .choices button", new() { HasText = "implication" }).ClickAsync();
        await Expect(page.Locator("#s4 .tag")).ToContainTextAsync("I62✎");
        await ShotAsync(page, "article");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator("#s4 .tag")).ToContainTextAsync("C62");
        await Expect(page.Locator("#s4 .tag")).Not.ToContainTextAsync("✎");
        Assert.Equal(5, File.ReadAllLines(sample.Corrections).Length);

        await page.Locator("#s1").FocusAsync();
        await Expect(page.Locator("#s1 .mark").First).ToHaveAttributeAsync("tabindex", "0");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#s1 .mark").First).ToBeFocusedAsync();
        Assert.Contains("Odesa · UKR", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement, '::after').content"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("aside .choices")).ToContainTextAsync("Delete: no entity");

        await page.Locator(".mark.name", new() { HasText = "Odesa" }).ClickAsync();
        await page.Locator("aside .choices button", new() { HasText = "LOC" }).ClickAsync();
        await Expect(page.Locator(".mark.name", new() { HasText = "Odesa" })).ToHaveAttributeAsync("data-tip", new Regex("^LOC"));
        await GoAsync(page, "/corrections");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(3);
        await ShotAsync(page, "corrections");
    }

    [Fact]
    public async Task The_review_queue_begins_with_the_least_sure_sentence()
    {
        var page = await browser.OpenAsync(server);
        await GoAsync(page, "/review");
        await Expect(page.Locator(".here")).ToContainTextAsync("=1+1");
        await Expect(page.Locator("#review")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("2");
        await Expect(page.Locator(".here")).ToContainTextAsync("reversed");
        await page.Keyboard.PressAsync("s");
        await Expect(page.Locator(".here")).ToContainTextAsync("Kyiv wants the grain");
        await ShotAsync(page, "review");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".here")).ToContainTextAsync("Insurers");
        Assert.Equal(3, File.ReadAllLines(sample.Corrections).Length);
    }

    [Fact]
    public async Task Nothing_of_a_hostile_article_runs_or_hides()
    {
        var page = await browser.OpenAsync(server);
        page.Dialog += (_, _) => Assert.Fail("a dialog opened");
        foreach (var view in (string[])["/articles", $"/article/{SampleOutput.Hostile}", "/sentences", "/entities", "/", "/review"])
        {
            await GoAsync(page, view);
            await Task.Delay(200, TestContext.Current.CancellationToken);
            Assert.NotEqual("owned", await page.TitleAsync());
        }

        await GoAsync(page, $"/article/{SampleOutput.Hostile}");
        await Expect(page.Locator("h1")).ToHaveTextAsync(SampleOutput.Script);
        await Expect(page.Locator("#s2")).ToContainTextAsync("A ⟨U+202E⟩reversed⟨U+202C⟩ sentence with a ⟨U+0007⟩ bell");
        Assert.True(await FitsAsync(page));
        await ShotAsync(page, "hostile");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dark_and_light_follow_the_system_until_somebody_chooses(bool system)
    {
        var page = await browser.OpenAsync(server, dark: system);
        await GoAsync(page, $"/article/{SampleOutput.Quiet}");
        await Expect(page.Locator("#s4")).ToBeVisibleAsync();
        await Expect(page.Locator(system ? ".dark" : ".light")).ToHaveCountAsync(1);
        await ShotAsync(page, system ? "article-dark" : "article-light");
        await page.GetByRole(AriaRole.Button, new() { Name = "colours" }).ClickAsync();
        await Expect(page.Locator(system ? ".light" : ".dark")).ToHaveCountAsync(1);
        await GoAsync(page, "/");
        await Expect(page.Locator(system ? ".light" : ".dark")).ToHaveCountAsync(1);
        await ShotAsync(page, system ? "overview-light" : "overview-dark");
    }

    [Fact]
    public async Task Every_view_fits_a_phone()
    {
        var page = await browser.OpenAsync(server, 390, 844);
        foreach (var view in (string[])["", "articles", "article/" + SampleOutput.Quiet, "article/" + SampleOutput.Hostile, "sentences", "entities", "dates", "errors", "review", "corrections", "retrain", "entity?name=Ukraine"])
        {
            await GoAsync(page, "/" + view);
            await Expect(page.Locator(".mud-progress-linear")).ToHaveCountAsync(0);
            Assert.True(await FitsAsync(page), view);
            await ShotAsync(page, "phone-" + view.Split('?')[0].Replace('/', '-'));
        }
    }

    [Fact]
    public async Task A_model_is_trained_compared_promoted_and_brought_back()
    {
        var page = await browser.OpenAsync(server);
        await GoAsync(page, $"/article/{SampleOutput.Quiet}");
        await page.Locator("#s1").FocusAsync();
        await page.Keyboard.PressAsync("2");
        await Expect(page.Locator("#s1 .tag")).ToContainTextAsync("✎");
        for (var round = 1; round <= 2; round++)
        {
            await GoAsync(page, "/retrain");
            await page.GetByRole(AriaRole.Button, new() { Name = "Train", Exact = true }).ClickAsync();
            await Expect(page.Locator(".promote")).ToBeVisibleAsync(new() { Timeout = 120_000 });
            await Expect(page.Locator("table.matrix")).ToHaveCountAsync(round);
            await ShotAsync(page, $"retrain-{round}");
            Assert.Equal(round == 2, File.Exists(Path.Combine(Models, "roles.model")));
            await page.Locator(".promote").ClickAsync();
            await Expect(page.Locator(".promote")).ToHaveCountAsync(0);
        }

        var before = await File.ReadAllBytesAsync(Path.Combine(Models, "roles.model"), TestContext.Current.CancellationToken);
        await page.GetByText("Bring back").First.ClickAsync();
        await Expect(page.GetByText("Bring back")).ToHaveCountAsync(2);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(Models, "roles.model"), TestContext.Current.CancellationToken));
    }

    /// <summary>
    /// What the README shows, of the seeds as the program reads them. The overview: six charts, no label cut off. The article: three tints with
    /// letters, a chosen sentence with its probabilities beside it, the tip of a name. The review: a sentence between two roles and its neighbours.
    /// </summary>
    [Fact]
    public async Task The_seeds_look_as_the_readme_shows_them()
    {
        browser.Require();
        var tables = Path.Combine(sample.Folder, "tables");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), "extract", Seeds(), "--out", tables, "--quiet"]) { RedirectStandardError = true };
        using (var extract = Process.Start(start)!)
        {
            var problems = await extract.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await extract.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(extract.ExitCode == 0, $"exit code {extract.ExitCode}: {problems}");
        }

        await using var seeds = await InspectServer.StartAsync(new InspectOptions { Folder = tables, Who = "ann", Models = Models }, TimeProvider.System, warnings.Add);
        var page = await browser.OpenAsync(seeds, 1280, 800);
        await GoAsync(page, "/");
        await Expect(page.Locator(".chart")).ToHaveCountAsync(8);
        await ShotAsync(page, "readme-overview", whole: false);
        await GoAsync(page, "/articles?q=pyongyang");
        await page.Locator("tbody .c-title a").First.ClickAsync();
        // Where a section of motives begins, so that the picture has more than one role.
        await Expect(page.Locator(".outline a").Nth(1)).ToBeVisibleAsync();
        await page.Locator(".outline a").Nth(1).ClickAsync();
        await page.EvaluateAsync("document.querySelectorAll('h2.section')[1].scrollIntoView()");
        await page.EvaluateAsync("scrollBy(0, -80)");
        var motive = page.Locator("h2.section:nth-of-type(2) ~ p .sentence", new() { HasText = "% motivation" }).First;
        await motive.Locator(".tag").ClickAsync();
        await page.Locator("h2.section:nth-of-type(2) ~ p .mark.name").First.HoverAsync();
        await Expect(page.Locator("aside .probabilities div")).ToHaveCountAsync(3);
        await ShotAsync(page, "readme-article", whole: false);
        await GoAsync(page, "/review");
        await Expect(page.Locator(".review .here")).ToHaveCountAsync(1);
        await page.SetViewportSizeAsync(1280, 560);
        await ShotAsync(page, "readme-review", whole: false);
        await page.SetViewportSizeAsync(1280, 800);
        await GoAsync(page, "/sentences?role=implication&sort=confidence");
        await Expect(page.Locator("tbody tr").First).ToBeVisibleAsync();
        await ShotAsync(page, "readme-sentences", whole: false);
    }

    private static string Seeds()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? "", "seeds");
    }

    private static async Task GoAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync("html[data-ready]", new() { State = WaitForSelectorState.Attached });
    }

    private static async Task<bool> FitsAsync(IPage page) =>
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth + 1");

    private static async Task ShotAsync(IPage page, string name, bool whole = true)
    {
        if (Environment.GetEnvironmentVariable("PIPELINE_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = whole });
    }

    /// <summary>Made-up labels, enough for a training of a second.</summary>
    private static IEnumerable<string> FewLabels()
    {
        yield return "article_id,sentence_id,section,text,role";
        for (var a = 0; a < 8; a++)
        {
            yield return $"made-{a},1,,The council met on day {a} in the town hall.,context";
            yield return $"made-{a},2,,It wants to keep the bridge because ferries are dear.,motivation";
            yield return $"made-{a},3,,The works could delay traffic for {a + 2} months.,implication";
        }
    }
}
