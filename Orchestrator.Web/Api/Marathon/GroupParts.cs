namespace Orchestrator.Web.Api.Marathon;

/// <summary>Which children of a group are told. Source: the <c>embed</c> parameter of Marathon's groups.</summary>
[Flags]
public enum GroupParts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>group.groups</c>.</summary>
    Groups = 1,

    /// <summary><c>group.apps</c>.</summary>
    Apps = 2,

    /// <summary><c>group.pods</c>.</summary>
    Pods = 4,

    /// <summary>What is told when nothing is asked for.</summary>
    All = Groups | Apps | Pods,
}
