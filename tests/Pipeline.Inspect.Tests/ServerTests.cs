using System.Net;

namespace Pipeline.Inspect.Tests;

/// <summary>The page over the sample, on a port of its own.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly SampleOutput sample = new();
    private readonly List<string> warnings = [];
    private InspectServer server = null!;

    public HttpClient Client { get; private set; } = null!;

    public string Address => server.Address;

    public string AddressToOpen => server.AddressToOpen;

    public string Root => server.Root;

    public string Folder => sample.Folder;

    public async ValueTask InitializeAsync()
    {
        server = await InspectServer.StartAsync(new InspectOptions { Folder = sample.Folder, Who = "ann", Models = sample.Folder, Key = true }, TimeProvider.System, warnings.Add);
        Client = new HttpClient { BaseAddress = new Uri(server.Root) };
        (await Client.GetAsync(server.Address)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await server.DisposeAsync();
        sample.Dispose();
        Assert.Empty(warnings);
    }
}

public class ServerTests(RunningServer server) : IClassFixture<RunningServer>
{
    private HttpClient Client => server.Client;

    [Theory]
    [InlineData("")]
    [InlineData("articles")]
    [InlineData("article/" + SampleOutput.Hostile)]
    [InlineData("sentences?q=script")]
    [InlineData("entities")]
    [InlineData("dates")]
    [InlineData("errors")]
    [InlineData("review")]
    [InlineData("corrections")]
    [InlineData("retrain")]
    [InlineData("entity?name=%3Cscript%3Ealert(1)%3C/script%3E")]
    public async Task Every_view_answers_and_shows_hostile_text_as_text(string path)
    {
        var response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("<script>document", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://fonts", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'; script-src 'self'", response.Headers.GetValues("Content-Security-Policy").First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "Host", "evil.example")]
    [InlineData("GET", "Host", "127.0.0.1:1")]
    [InlineData("POST", "Origin", "http://evil.example")]
    [InlineData("GET", "Origin", "null")]
    [InlineData("POST", "Sec-Fetch-Site", "cross-site")]
    public async Task Refuses_what_another_site_sends(string method, string header, string value)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "_blazor/negotiate");
        if (header == "Host")
            request.Headers.Host = value;
        else
            request.Headers.Add(header, value);
        var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Lets_its_own_page_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", server.Root);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "sentences?q=script")]
    [InlineData("GET", "export/sentences.csv")]
    [InlineData("GET", "assets/inspect.js")]
    [InlineData("GET", "?key=")]
    [InlineData("GET", "?key=00000000000000000000000000000000")]
    [InlineData("POST", "?key={key}")]
    [InlineData("POST", "_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "_blazor?id=1")]
    public async Task Answers_nobody_who_has_no_key(string method, string path)
    {
        using var stranger = new HttpClient { BaseAddress = new Uri(server.Root) };
        stranger.DefaultRequestHeaders.Add("Cookie", $"pipeline-inspect-{new Uri(server.Root).Port}=00000000000000000000000000000000");
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{key}", server.Address.Split("key=")[1], StringComparison.Ordinal));
        var response = await stranger.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(
            "Open the address that 'pipeline inspect' has printed: it carries the key of this start.", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Without_the_option_the_plain_address_opens_the_page()
    {
        using var sample = new SampleOutput();
        await using var open = await InspectServer.StartAsync(new InspectOptions { Folder = sample.Folder, Models = sample.Folder }, TimeProvider.System, _ => { });
        Assert.Equal(open.Root, open.Address);
        Assert.Equal(open.Root, open.AddressToOpen);
        using var browser = new HttpClient { BaseAddress = new Uri(open.Root) };
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("sentences?role=context", TestContext.Current.CancellationToken)).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "sentences");
        foreign.Headers.Add("Origin", "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(foreign, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_printed_address_gives_a_cookie_and_leads_to_the_address_without_the_key()
    {
        using var browser = new HttpClient { BaseAddress = new Uri(server.Root) };
        var key = new Uri(server.Address).Query;
        var response = await browser.GetAsync($"sentences{key}&q=%22%3E%3Cscript%3E&role=context", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; path=/; samesite=strict; httponly", cookie, StringComparison.Ordinal);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("content=\"0;url=/sentences?q=%22%3E%3Cscript%3E&amp;role=context\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain(key[5..], html, StringComparison.Ordinal);
        Assert.DoesNotContain(key[5..], cookie, StringComparison.Ordinal);
        Assert.Contains("7 rows", await browser.GetStringAsync("sentences", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("_blazor/negotiate?negotiateVersion=1", null, TestContext.Current.CancellationToken)).StatusCode);
        using var other = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync(server.Address, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_address_that_a_browser_is_started_with_opens_once()
    {
        var address = server.AddressToOpen;
        using var browser = new HttpClient();
        using var late = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await late.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(server.Root, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("assets/blazor.web.js", "text/javascript")]
    [InlineData("assets/MudBlazor.min.css", "text/css")]
    [InlineData("chart/time.svg", "image/svg+xml")]
    [InlineData("export/sentences.csv?role=context", "text/csv")]
    [InlineData("export/labels.csv", "text/csv")]
    public async Task Hands_out_files_with_their_kind(string path, string kind)
    {
        var response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(kind, response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("assets/..%2f..%2fcorrections.csv")]
    [InlineData("assets/Pipeline.Inspect.dll")]
    [InlineData("export/passwd.csv")]
    [InlineData("export/..%2fsentences.csv")]
    [InlineData("chart/x.svg")]
    [InlineData("nowhere")]
    public async Task Has_nothing_else(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);

    [Fact]
    public void Listens_on_the_loopback_address_only() => Assert.StartsWith("http://127.0.0.1:", server.Root, StringComparison.Ordinal);

    [Fact]
    public void A_report_is_one_file_that_runs_nothing_and_asks_for_nothing()
    {
        var path = Path.Combine(server.Folder, "report.html");
        Assert.Equal((1, 2), Report.Write(server.Folder, path, 1, TimeProvider.System, CancellationToken.None));
        Assert.Contains("The first 1 of 2 articles", File.ReadAllText(path), StringComparison.Ordinal);
        Report.Write(server.Folder, path, 100, TimeProvider.System, CancellationToken.None);
        var html = File.ReadAllText(path);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"", html, StringComparison.Ordinal);
        Assert.Contains("Odesa", html, StringComparison.Ordinal);
        Assert.False(File.Exists(path + ".partial"));
    }
}
