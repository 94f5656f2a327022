namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>The network of an app as the form offers it.</summary>
public enum FormNetwork
{
    /// <summary>The agent's own.</summary>
    Host,

    /// <summary>Docker's bridge.</summary>
    Bridge,

    /// <summary>A named network.</summary>
    User,

    /// <summary>Several networks, which only the JSON can say.</summary>
    Several,
}
