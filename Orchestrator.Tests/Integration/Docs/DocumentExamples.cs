using System.Text.RegularExpressions;
using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.Integration.Docs;

/// <summary>The shell blocks of pages: those fenced as <c>bash</c> can be pasted and are run by tests.</summary>
public static partial class DocumentExamples
{
    /// <summary>The blocks of a page of this repository, in order.</summary>
    public static IReadOnlyList<string> Of(string page) => BlocksOf(File.ReadAllText(Path.Combine(Repository.Root, page)));

    /// <summary>The blocks of a text.</summary>
    public static IReadOnlyList<string> BlocksOf(string markdown) => [.. Blocks().Matches(markdown).Select(block => block.Groups[1].Value)];

    /// <summary>One script that stops at the first command that fails.</summary>
    /// <param name="blocks">Blocks in their order.</param>
    /// <param name="hostAuthority">Put in place of <c>127.0.0.1:5050</c>.</param>
    public static string ScriptOf(IEnumerable<string> blocks, string hostAuthority) =>
        "set -euo pipefail\n" + string.Concat(blocks).Replace("127.0.0.1:5050", hostAuthority, StringComparison.Ordinal);

    [GeneratedRegex(@"^```bash\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
