namespace Orchestrator.Core.Primitives;

/// <summary>
/// One durable change: the newest <paramref name="Value"/> of a key, or its end when the value is null.
/// </summary>
/// <param name="Area">Whose state: <c>master</c>, <c>marathon</c>.</param>
/// <param name="Key">Slash-separated within the area, for example <c>app/version/…</c>.</param>
/// <param name="Value">The encoded state; null removes the key.</param>
public readonly record struct JournalRecord(string Area, string Key, byte[]? Value);
