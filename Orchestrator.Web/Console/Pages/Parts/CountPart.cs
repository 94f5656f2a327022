using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>One part of a <see cref="CountBar"/>.</summary>
/// <param name="Title">What is counted.</param>
/// <param name="Count">How many.</param>
/// <param name="Tone">Its colour.</param>
/// <param name="Href">The list of them.</param>
public sealed record CountPart(string Title, long Count, Tone Tone, string Href);
