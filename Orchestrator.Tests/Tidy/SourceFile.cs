using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Orchestrator.Tests.Tidy;

/// <summary>One file of the repository as the tidy rules see it.</summary>
/// <param name="Path">Relative to the repository, with slashes.</param>
/// <param name="Text">Its content.</param>
public sealed record SourceFile(string Path, string Text)
{
    private CompilationUnitSyntax? _syntax;

    /// <summary>Number of lines.</summary>
    public int Lines => Text.Length == 0 ? 0 : Text.AsSpan().Count('\n') + (Text.EndsWith('\n') ? 0 : 1);

    /// <summary>Whether it is C#.</summary>
    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>The parsed file; only for C#.</summary>
    public CompilationUnitSyntax Syntax => _syntax ??= CSharpSyntaxTree.ParseText(Text, path: Path).GetCompilationUnitRoot();

    /// <summary>Line number, counted from 1, of a node.</summary>
    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
