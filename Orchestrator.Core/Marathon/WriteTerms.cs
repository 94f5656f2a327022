namespace Orchestrator.Core.Marathon;

/// <summary>What a write asks for besides the change itself.</summary>
public sealed record WriteTerms
{
    /// <summary>The change, nothing else.</summary>
    public static WriteTerms Default { get; } = new();

    /// <summary>Nothing is done; the answer says what would be.</summary>
    public bool DryRun { get; init; }

    /// <summary>Fields that are not known, and dependencies that are not there, are refused.</summary>
    public bool Strict { get; init; }

    /// <summary>The body is a merge patch (RFC 7396): null removes.</summary>
    public bool MergePatch { get; init; }

    /// <summary>Versions of which one must be the present one, or <c>*</c> for any; null for no such condition. Header If-Match.</summary>
    public IReadOnlyList<string>? IfMatch { get; init; }

    /// <summary>Nothing may be there yet. Header <c>If-None-Match: *</c>.</summary>
    public bool MustBeNew { get; init; }
}
