namespace Orchestrator.Core.Resources;

/// <summary>An inclusive range of whole numbers, for example the ports 31000-32000.</summary>
/// <param name="Begin">First number.</param>
/// <param name="End">Last number, not less than the first.</param>
public readonly record struct ValueRange(long Begin, long End)
{
    /// <summary>How many numbers are in it.</summary>
    public long Length => End - Begin + 1;

    /// <inheritdoc/>
    public override string ToString() => $"{Begin}-{End}";
}
