namespace Orchestrator.Web.Console.Dialogs;

/// <summary>Volumes.</summary>
public sealed partial class VolumesSection;
