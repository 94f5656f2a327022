using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>Id, resources, instances, command.</summary>
public sealed partial class GeneralSection
{
    /// <summary>Whether the app is a new one, so that its id can be chosen.</summary>
    [Parameter]
    public bool IsNew { get; set; }
}
