using System.Text.Json;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>What the dialog sends.</summary>
/// <param name="Body">A definition, or the fields of one that differ.</param>
/// <param name="IsPartial">Whether the fields that are not there keep their values.</param>
public sealed record AppChange(JsonElement Body, bool IsPartial);
