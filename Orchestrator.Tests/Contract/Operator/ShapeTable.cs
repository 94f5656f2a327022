using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.Contract.Operator;

/// <summary>
/// A file of shapes: sections <c>## GET /state</c>, each with lines of path and type, for example <c>.slaves[].pid string</c>. Lines
/// with one <c>#</c> are remarks.
/// </summary>
internal static class ShapeTable
{
    /// <summary>The sections of a file in <c>Contract/Operator/Shapes</c>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string file)
    {
        var sections = new Dictionary<string, IReadOnlyList<string>>();
        var lines = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "Orchestrator.Tests", "Contract", "Operator", "Shapes", file)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                sections[line[3..]] = lines = [];
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                lines.Add(line);
            }
        }

        return sections;
    }
}
