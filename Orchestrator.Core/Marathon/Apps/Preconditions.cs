namespace Orchestrator.Core.Marathon.Apps;

/// <summary>The conditions <c>If-Match</c> and <c>If-None-Match: *</c> of a write, held against the version that is there when it is done.</summary>
internal static class Preconditions
{
    /// <summary>412 when a condition does not hold.</summary>
    /// <param name="terms">What the write asks for.</param>
    /// <param name="version">The version that is there; null when nothing is.</param>
    public static MarathonReply? Check(WriteTerms terms, DateTimeOffset? version)
    {
        var present = version is { } there ? Timestamps.Write(there) : null;
        if (terms.MustBeNew && present is not null)
        {
            return Replies.Message(412, $"There is one already, of version {present}; If-None-Match: * asks for none.");
        }

        return terms.IfMatch is null || (present is not null && (terms.IfMatch.Contains("*") || terms.IfMatch.Contains(present)))
            ? null
            : Replies.Message(412, $"If-Match asks for version {string.Join(" or ", terms.IfMatch)}, and {(present is null ? "there is none" : $"it is of version {present} now")}. Read it again, and make the change to what is there now.");
    }
}
