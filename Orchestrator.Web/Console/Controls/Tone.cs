namespace Orchestrator.Web.Console.Controls;

/// <summary>What a colour says. The names are the classes <c>tone-…</c> of controls.css.</summary>
public enum Tone
{
    /// <summary>Nothing to say: ended, unknown, off.</summary>
    Neutral,

    /// <summary>As wished.</summary>
    Good,

    /// <summary>On its way.</summary>
    Busy,

    /// <summary>Needs a look.</summary>
    Warn,

    /// <summary>Failed.</summary>
    Bad,

    /// <summary>Not reachable.</summary>
    Away,
}
