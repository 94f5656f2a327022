using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orchestrator.Tests.Browser.Support;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting.Security;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Tests.Browser;

/// <summary>The console of a host that knows accounts.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Category", "Browser")]
public sealed class SignInTests(ChromiumFixture chromium) : IAsyncLifetime
{
    private HostFixture _host = null!;
    private ConsoleWindow _window = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostFixture.StartAsync("""--credentials={"credentials":[{"principal":"alice","secret":"s3cret"}]}""");
        _window = await ConsoleWindow.OpenAsync(chromium, _host.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _window.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Page_that_was_asked_for_comes_after_signing_in_and_is_gone_after_signing_out()
    {
        await _window.Page.GotoAsync(new Uri(_host.Address, "/ui/agents?q=rack").ToString());
        await Expect(_window.Page).ToHaveTitleAsync(new Regex("Sign in"));

        await SignInAsync("s3cret");
        await _window.LiveAsync();
        Assert.Equal("/ui/agents?q=rack", _window.Address);
        Assert.Empty(_window.Complaints);

        await _window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out alice" }).ClickAsync();
        await Expect(_window.Page).ToHaveTitleAsync(new Regex("Sign in"));
        await _window.Page.GotoAsync(new Uri(_host.Address, "/ui").ToString());
        await Expect(_window.Page).ToHaveTitleAsync(new Regex("Sign in"));
    }

    [Fact]
    public async Task Wrong_password_is_refused_and_guessing_is_slowed()
    {
        await _window.Page.GotoAsync(new Uri(_host.Address, "/ui").ToString());

        await SignInAsync("wrong");
        await Expect(_window.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Name and password do not match.");
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("alice:wrong"u8));
        for (var i = 1; i < SignInThrottle.MaxFailures; i++)
        {
            using var answer = await client.GetAsync(new Uri("/state", UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        await SignInAsync("s3cret");
        await Expect(_window.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(new Regex("Too many failed attempts"));
    }

    [Fact]
    public async Task Form_without_its_antiforgery_token_is_refused()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = _host.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "sign-in", ["Principal"] = "alice", ["Secret"] = "s3cret" });

        using var answer = await client.PostAsync(new Uri("/ui/sign-in", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie") && answer.Headers.GetValues("Set-Cookie").Any(cookie => cookie.StartsWith("orchestrator=", StringComparison.Ordinal)));
    }

    private async Task SignInAsync(string secret)
    {
        await _window.Page.GetByLabel("Name").FillAsync("alice");
        await _window.Page.GetByLabel("Password").FillAsync(secret);
        await _window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
