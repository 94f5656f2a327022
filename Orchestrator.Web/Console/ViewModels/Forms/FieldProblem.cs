namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>One thing that is wrong with a definition.</summary>
/// <param name="Path">The field as the API names it, for example <c>/healthChecks(0)/portIndex</c>; <c>/</c> for the whole.</param>
/// <param name="Text">What is wrong and what to do.</param>
public sealed record FieldProblem(string Path, string Text);
