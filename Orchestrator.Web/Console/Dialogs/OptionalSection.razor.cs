namespace Orchestrator.Web.Console.Dialogs;

/// <summary>Placement, files, changes and failures.</summary>
public sealed partial class OptionalSection;
