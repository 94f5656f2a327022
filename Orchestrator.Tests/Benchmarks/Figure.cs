namespace Orchestrator.Tests.Benchmarks;

/// <summary>One measured line of the table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure with its unit.</param>
/// <param name="Floor">What it must reach; empty when nothing was asked.</param>
public sealed record Figure(string What, string Value, string Floor = "");
