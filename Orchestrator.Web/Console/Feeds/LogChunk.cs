namespace Orchestrator.Web.Console.Feeds;

/// <summary>A piece of a file.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Bytes">The bytes; empty at the end of the file.</param>
/// <param name="FileLength">How long the file was when it was read.</param>
/// <param name="IsRestart">Whether the file became shorter than what was already read, so that this is a new beginning.</param>
public sealed record LogChunk(long Offset, ReadOnlyMemory<byte> Bytes, long FileLength, bool IsRestart = false)
{
    /// <summary>The first byte after it.</summary>
    public long End => Offset + Bytes.Length;
}
