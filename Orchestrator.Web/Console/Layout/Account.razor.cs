using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Orchestrator.Web.Console.Layout;

/// <summary>Who is signed in, and the way out; nothing on a host without accounts.</summary>
public sealed partial class Account
{
    /// <summary>Who uses this circuit.</summary>
    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    private string Name { get; set; } = "";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Authentication is not null && (await Authentication).User.Identity is { IsAuthenticated: true } identity)
        {
            Name = identity.Name ?? "";
        }
    }
}
