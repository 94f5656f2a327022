using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

/// <summary>Which folder may use which: the floor plan as a table.</summary>
public static partial class FolderArrows
{
    private static readonly string[] s_everything = ["*"];

    /// <summary>Folder of Orchestrator.Core → the folders of Orchestrator.Core that it may use besides itself.</summary>
    public static IReadOnlyDictionary<string, string[]> Core { get; } = new Dictionary<string, string[]>
    {
        ["Primitives"] = [],
        ["Resources"] = ["Primitives", "Contract"],
        ["Contract"] = ["Primitives"],
        ["Allocator"] = ["Primitives", "Resources"],
        ["Views"] = ["Primitives", "Resources", "Contract"],
        ["Master"] = ["Primitives", "Resources", "Contract", "Allocator", "Views"],
        ["Agent"] = ["Primitives", "Resources", "Contract"],
        ["Marathon"] = ["Primitives", "Resources", "Contract", "Views"],
        ["Chronos"] = ["Primitives", "Resources", "Contract", "Views"],
        ["Coordination"] = ["Primitives"],
        ["Runtime"] = s_everything,
        ["Simulation"] = s_everything,
    };

    /// <summary>What an agent may use of Orchestrator.Core: nothing of the master or the service engines.</summary>
    public static IReadOnlyList<string> AgentService { get; } = ["Primitives", "Resources", "Contract", "Agent", "Runtime", "Coordination"];

    /// <summary>Top-level entries of the repository; anything else needs a decision.</summary>
    public static IReadOnlyList<string> TopLevel { get; } =
    [
        "Orchestrator.Web", "Orchestrator.Core", "Orchestrator.AgentService", "Orchestrator.Tests", "Orchestrator.Cli", "wwwroot-assets",
        "Orchestrator.sln", "docs", "deploy", ".ci", "run.sh", "test.sh", "bench.sh", "README.md", "LICENSE",
        "Directory.Build.props", "Directory.Packages.props", ".editorconfig", ".gitignore", ".gitattributes", "global.json", "BannedSymbols.txt",
    ];

    /// <summary>Uses that the table does not allow.</summary>
    public static IEnumerable<string> Violations(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(file => file.IsCSharp))
        {
            var parts = file.Path.Split('/');
            IReadOnlyList<string>? allowed = parts switch
            {
                ["Orchestrator.Core", var folder, _, ..] => Core.TryGetValue(folder, out var row) ? [.. row, folder] : [],
                ["Orchestrator.AgentService", ..] => AgentService,
                _ => null,
            };
            if (allowed is null || allowed.Contains("*"))
            {
                continue;
            }

            foreach (Match use in CoreFolder().Matches(WithoutComments(file)))
            {
                if (!allowed.Contains(use.Groups[1].Value))
                {
                    yield return $"{file.Path}: uses Orchestrator.Core.{use.Groups[1].Value}";
                }
            }
        }
    }

    /// <summary>Top-level entries that are not in the list.</summary>
    public static IEnumerable<string> Strangers(IEnumerable<string> entries) =>
        from entry in entries
        where !TopLevel.Contains(entry)
        select $"{entry}: does not belong at the top level";

    private static string WithoutComments(SourceFile file) =>
        string.Join('\n', file.Text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"\bOrchestrator\.Core\.([A-Z][A-Za-z]+)")]
    private static partial Regex CoreFolder();
}
