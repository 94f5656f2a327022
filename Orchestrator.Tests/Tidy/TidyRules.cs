using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Orchestrator.Tests.Tidy;

/// <summary>
/// The rules of the house that a compiler does not hold. Each is a function from files to violations, so that a planted
/// violation shows that it can fail.
/// </summary>
public static class TidyRules
{
    /// <summary>Most lines of a file.</summary>
    public const int MaxFileLines = 500;

    /// <summary>Most lines of a method, braces included.</summary>
    public const int MaxMethodLines = 70;

    /// <summary>Most source files directly in one folder.</summary>
    public const int MaxFolderFiles = 50;

    private static readonly string[] s_unfinished = ["Not" + "ImplementedException", "TO" + "DO", "FIX" + "ME", "HA" + "CK:", "Skip" + " = \""];

    /// <summary>No file is too long; the wire messages of one package stand in one .proto file, however many there are.</summary>
    public static IEnumerable<string> FileLength(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Lines > MaxFileLines && !file.Path.EndsWith(".proto", StringComparison.Ordinal)
        select $"{file.Path}: {file.Lines} lines, more than {MaxFileLines}";

    /// <summary>No method is too long.</summary>
    public static IEnumerable<string> MethodLength(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp
        from member in file.Syntax.DescendantNodes()
        where member is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
        let span = member.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > MaxMethodLines
        select $"{file.Path}:{SourceFile.LineOf(member)}: a method of {lines} lines, more than {MaxMethodLines}";

    /// <summary>No folder holds more files than a reader can take in.</summary>
    public static IEnumerable<string> FolderSize(IEnumerable<SourceFile> files) =>
        from folder in files.GroupBy(file => Path.GetDirectoryName(file.Path) ?? "")
        where folder.Count() > MaxFolderFiles
        select $"{folder.Key}: {folder.Count()} files, more than {MaxFolderFiles}";

    /// <summary>One public type a file, named after it; parts of a type are Type.Aspect.cs.</summary>
    public static IEnumerable<string> OneTypePerFile(IEnumerable<SourceFile> files)
    {
        foreach (var file in files.Where(file => file.IsCSharp && !file.Path.StartsWith("Orchestrator.Tests/", StringComparison.Ordinal)))
        {
            var types = file.Syntax.DescendantNodes(node => node is not BaseTypeDeclarationSyntax)
                .OfType<MemberDeclarationSyntax>()
                .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && IsPublic(member))
                .Where(IsPublic)
                .Select(member => member is BaseTypeDeclarationSyntax type ? type.Identifier.Text : ((DelegateDeclarationSyntax)member).Identifier.Text)
                .Distinct()
                .ToList();
            if (types.Count > 1)
            {
                yield return $"{file.Path}: {types.Count} public types ({string.Join(", ", types)}), give each a file";
            }
            else if (types.Count == 1 && Path.GetFileName(file.Path).Split('.')[0] != types[0])
            {
                yield return $"{file.Path}: holds {types[0]}, name the file after it";
            }
        }
    }

    /// <summary>Nothing is unfinished by its own words.</summary>
    public static IEnumerable<string> Finished(IEnumerable<SourceFile> files) =>
        from file in files
        from word in s_unfinished
        where file.Text.Contains(word, StringComparison.Ordinal)
        select $"{file.Path}: contains {word}";

    /// <summary>Tests are named Subject_condition_outcome.</summary>
    public static IEnumerable<string> TestNames(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.Path.StartsWith("Orchestrator.Tests/", StringComparison.Ordinal)
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory")
        where method.Identifier.Text.Count(letter => letter == '_') < 2
        select $"{file.Path}:{SourceFile.LineOf(method)}: {method.Identifier.Text} does not read Subject_condition_outcome";

    /// <summary>Public types of the core say what they are.</summary>
    public static IEnumerable<string> PublicTypesDocumented(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsCSharp && file.Path.StartsWith("Orchestrator.Core/", StringComparison.Ordinal)
        from type in file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        where IsPublic(type) && type.Parent is BaseNamespaceDeclarationSyntax
        where !type.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))
            && !(type.Modifiers.Any(SyntaxKind.PartialKeyword) && Path.GetFileNameWithoutExtension(file.Path).Contains('.', StringComparison.Ordinal))
        select $"{file.Path}:{SourceFile.LineOf(type)}: {type.Identifier.Text} has no documentation";

    private static bool IsPublic(MemberDeclarationSyntax member) => member.Modifiers.Any(SyntaxKind.PublicKeyword);
}
