using System.Text;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>A piece of a log.</summary>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="End">The first byte after it.</param>
/// <param name="Text">Decoded as UTF-8; a character that was cut at the end comes with the next piece.</param>
/// <param name="FileLength">How long the file was, in bytes.</param>
/// <param name="IsRestart">Whether the file began anew: it was rotated or cut.</param>
public sealed record LogMessage(long Offset, long End, string Text, long FileLength, bool IsRestart)
{
    internal static LogMessage Of(LogChunk chunk, Decoder decoder)
    {
        if (chunk.IsRestart)
        {
            decoder.Reset();
        }

        var text = new char[decoder.GetCharCount(chunk.Bytes.Span, flush: false)];
        decoder.GetChars(chunk.Bytes.Span, text, flush: false);
        return new LogMessage(chunk.Offset, chunk.End, new string(text), chunk.FileLength, chunk.IsRestart);
    }
}
