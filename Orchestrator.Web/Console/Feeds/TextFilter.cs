namespace Orchestrator.Web.Console.Feeds;

/// <summary>
/// What was typed into a filter box: words that must all be found, each in any of the texts of a row, in any case.
/// </summary>
public sealed class TextFilter
{
    private readonly string[] _words;

    /// <summary>Splits what was typed.</summary>
    public TextFilter(string? text)
    {
        _words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Key = string.Join(' ', _words).ToUpperInvariant();
    }

    /// <summary>Equal for filters that find the same.</summary>
    public string Key { get; }

    /// <summary>Whether everything passes.</summary>
    public bool IsEmpty => _words.Length == 0;

    /// <summary>Whether each word is in one of the texts.</summary>
    public bool Matches(params ReadOnlySpan<string> texts)
    {
        foreach (var word in _words)
        {
            var found = false;
            foreach (var text in texts)
            {
                found = text.Contains(word, StringComparison.OrdinalIgnoreCase);
                if (found)
                {
                    break;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }
}
