using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>Puts choices into the address of the page, where a link or a reload finds them again.</summary>
public static class UrlState
{
    /// <summary>
    /// Sets one parameter of the query; null or empty removes it. Replaces the entry of the browser's history unless
    /// <paramref name="isStep"/>: then Back returns to the choice before.
    /// </summary>
    public static void Set(this NavigationManager navigation, string name, string? value, bool isStep = false) =>
        navigation.NavigateTo(navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value), new NavigationOptions { ReplaceHistoryEntry = !isStep });

    /// <summary>Sets several parameters at once; null or empty removes one.</summary>
    public static void Set(this NavigationManager navigation, params (string Name, string? Value)[] parameters) =>
        navigation.NavigateTo(
            navigation.GetUriWithQueryParameters(parameters.ToDictionary(pair => pair.Name, pair => string.IsNullOrEmpty(pair.Value) ? null : (object)pair.Value)),
            new NavigationOptions { ReplaceHistoryEntry = true });
}
