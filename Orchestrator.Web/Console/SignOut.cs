using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Orchestrator.Web.Console;

/// <summary><c>POST /ui/sign-out</c>: ends the session of the cookie.</summary>
public static class SignOut
{
    /// <summary>Maps the endpoint; the form must carry the page's antiforgery token.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/ui/sign-out", (Delegate)HandleAsync).WithMetadata(new RequireAntiforgeryTokenAttribute());

    private static async Task<IResult> HandleAsync(HttpContext context)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            return Results.Text("The form is too old: go back, reload the page and sign out again.", statusCode: StatusCodes.Status400BadRequest);
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.Redirect("/ui/sign-in");
    }
}
