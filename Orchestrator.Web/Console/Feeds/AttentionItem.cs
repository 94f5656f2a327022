using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>One thing that an operator should look at.</summary>
/// <param name="Tone">How bad it is.</param>
/// <param name="Title">What is the case, in a few words.</param>
/// <param name="Text">Which, since when, why.</param>
/// <param name="Href">Where to look.</param>
/// <param name="Since">Since when; null when that is not known.</param>
public sealed record AttentionItem(Tone Tone, string Title, string Text, string Href, DateTimeOffset? Since = null);
