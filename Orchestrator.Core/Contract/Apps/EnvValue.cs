namespace Orchestrator.Core.Contract.Apps;

/// <summary>The value of an environment variable: text, or the name of a secret.</summary>
/// <param name="Text">The text; null for a secret.</param>
/// <param name="Secret">Key of the app's <c>secrets</c>; null for text.</param>
public sealed record EnvValue(string? Text, string? Secret);
