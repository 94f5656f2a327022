using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.Feeds;
using HostOptions = Orchestrator.Web.Hosting.HostOptions;
using Orchestrator.Web.Hosting.Security;

namespace Orchestrator.Web.Console.Pages;

/// <summary>Turns name and password into the console's cookie. A plain form: it works before there is a circuit.</summary>
public sealed partial class SignIn
{
    private string? _error;

    /// <summary>The request.</summary>
    [CascadingParameter]
    public required HttpContext Context { get; init; }

    /// <summary>The name that was typed.</summary>
    [SupplyParameterFromForm]
    public string? Principal { get; set; }

    /// <summary>The password that was typed.</summary>
    [SupplyParameterFromForm]
    public string? Secret { get; set; }

    /// <summary>The page that was asked for.</summary>
    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    /// <summary>How the host was started.</summary>
    [Inject]
    public required HostOptions Options { get; init; }

    /// <summary>Slows guessing.</summary>
    [Inject]
    public required SignInThrottle Throttle { get; init; }

    /// <summary>The cluster's name.</summary>
    [Inject]
    public required LiveFeed Feed { get; init; }

    /// <summary>Where to go on.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string Cluster => Feed.Current.Cluster.Master is var master && master.Cluster is { } name ? name : $"{master.Hostname}:{master.Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Only a path of this host: another site's address in a link must not catch who signs in.</summary>
    internal static string LocalTarget(string? url) =>
        url is ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl) && !url.StartsWith("/ui/sign-", StringComparison.OrdinalIgnoreCase) ? url : "/ui";

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Options.Credentials.IsEmpty)
        {
            Navigation.NavigateTo("/ui");
        }
    }

    private async Task SubmitAsync()
    {
        var address = Context.Connection.RemoteIpAddress;
        if (!Throttle.MayTry(address))
        {
            Context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Context.Response.Headers.RetryAfter = "60";
            _error = "Too many failed attempts from your address. Try again in a minute.";
        }
        else if (!Options.Credentials.Verify(Principal ?? "", Secret ?? ""))
        {
            Throttle.Failed(address);
            Context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            _error = "Name and password do not match.";
        }
        else
        {
            await Context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, Principals.Of(Principal!, CookieAuthenticationDefaults.AuthenticationScheme));
            Navigation.NavigateTo(LocalTarget(ReturnUrl));
        }
    }
}
