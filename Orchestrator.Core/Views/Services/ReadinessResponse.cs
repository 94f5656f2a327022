namespace Orchestrator.Core.Views.Services;

/// <summary>An answer of HTTP.</summary>
/// <param name="Status">Status; 504 when nobody answered.</param>
/// <param name="ContentType">Type of the body.</param>
/// <param name="Body">The body, bounded.</param>
public sealed record ReadinessResponse(int Status, string ContentType, string Body);
