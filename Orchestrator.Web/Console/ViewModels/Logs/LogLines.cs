using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Web.Console.ViewModels.Logs;

/// <summary>
/// Makes lines of the bytes that a task printed. What comes out is plain text: escape sequences of terminals and other
/// control characters are gone, a line that was overwritten by carriage returns shows its last state, and a line longer
/// than <see cref="MaxLineLength"/> is broken. Not for use by several threads.
/// </summary>
public sealed partial class LogLines
{
    /// <summary>Most characters of one line.</summary>
    public const int MaxLineLength = 8192;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _open = new();

    /// <summary>The line that has no end yet, as shown; empty when there is none.</summary>
    public string Open => Clean(_open.ToString());

    /// <summary>Takes bytes and gives the lines that they ended.</summary>
    public IReadOnlyList<string> Add(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush: false)];
        _decoder.GetChars(bytes, characters, flush: false);
        var lines = new List<string>();
        var rest = characters.AsSpan();
        while (rest.Length > 0)
        {
            var end = rest.IndexOf('\n');
            var piece = end < 0 ? rest : rest[..end];
            Append(piece, lines);
            if (end < 0)
            {
                break;
            }

            lines.Add(Clean(_open.ToString()));
            _open.Clear();
            rest = rest[(end + 1)..];
        }

        return lines;
    }

    /// <summary>Forgets the open line, for a new beginning.</summary>
    public void Reset()
    {
        _decoder.Reset();
        _open.Clear();
    }

    /// <summary>Text without escape sequences and control characters.</summary>
    public static string Clean(string text)
    {
        var plain = text.Contains('\e', StringComparison.Ordinal) ? EscapeSequence().Replace(text, "") : text;
        var end = plain.TrimEnd('\r');
        var overwritten = end.LastIndexOf('\r');
        var shown = overwritten < 0 ? end : end[(overwritten + 1)..];
        return shown.AsSpan().ContainsAnyInRange('\0', '\x1f') || shown.Contains('\x7f', StringComparison.Ordinal)
            ? string.Concat(shown.Where(character => character == '\t' || !char.IsControl(character)))
            : shown;
    }

    private void Append(ReadOnlySpan<char> piece, List<string> lines)
    {
        while (_open.Length + piece.Length > MaxLineLength)
        {
            var fits = MaxLineLength - _open.Length;
            _open.Append(piece[..fits]);
            lines.Add(Clean(_open.ToString()));
            _open.Clear();
            piece = piece[fits..];
        }

        _open.Append(piece);
    }

    // CSI … final byte; OSC … BEL or ST; other two-character escapes.
    [GeneratedRegex(@"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_]|[ -/][0-~])")]
    private static partial Regex EscapeSequence();
}
