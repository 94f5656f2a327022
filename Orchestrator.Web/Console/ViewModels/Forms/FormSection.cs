namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>The sections of the create and edit dialog, in their order.</summary>
public enum FormSection
{
    /// <summary>Id, resources, instances, command.</summary>
    General,

    /// <summary>Image and how it is run.</summary>
    Container,

    /// <summary>Network and ports.</summary>
    Ports,

    /// <summary>Environment variables.</summary>
    Environment,

    /// <summary>Labels.</summary>
    Labels,

    /// <summary>Health checks.</summary>
    Health,

    /// <summary>Volumes.</summary>
    Volumes,

    /// <summary>All the rest.</summary>
    Optional,
}
