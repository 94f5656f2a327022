using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Web.Console.Pages.Pods;

/// <summary>One pod: the containers of its instances, and how it is configured.</summary>
public sealed partial class PodPage
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private bool _wasSeen;

    /// <summary>The pod's path without its first slash.</summary>
    [Parameter]
    public string Path { get; set; } = "";

    /// <summary>Which part is shown.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? Part { get; set; }

    /// <summary>The clock.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    private string Id => "/" + Path.Trim('/');

    /// <inheritdoc/>
    protected override AppView? Project(LiveState live)
    {
        var pod = live.Services.Pods.FirstOrDefault(pod => pod.Id == Id && PodRow.IsShown(pod));
        _wasSeen |= pod is not null;
        return pod;
    }

    private static (string Value, string Text, long? Count)[] Views(AppView pod) => [("", "Instances", pod.Instances.Count), ("configuration", "Configuration", null)];

    private static string Json(AppView pod)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_indented))
        {
            PodJson.Write(json, pod.Definition);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
