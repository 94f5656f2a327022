using System.Security.Claims;

namespace Orchestrator.Web.Hosting.Security;

/// <summary>Makes the identity of somebody who proved it.</summary>
public static class Principals
{
    /// <summary>An authenticated user of that name.</summary>
    public static ClaimsPrincipal Of(string name, string scheme) => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], scheme));
}
