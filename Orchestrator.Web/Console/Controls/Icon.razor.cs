using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>A line drawing of 24 by 24, in the colour of the text; an unknown name draws a dot.</summary>
public sealed partial class Icon
{
    private static readonly Dictionary<string, string> s_paths = new()
    {
        ["overview"] = "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 4v3h6V4z",
        ["apps"] = "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5",
        ["pods"] = "M3 5h18v14H3zM7 9h4v6H7zM13 9h4v6h-4z",
        ["deployments"] = "M12 4v11M7 9l5-5 5 5M5 20h14",
        ["tasks"] = "M4 6h2M4 12h2M4 18h2M10 6h10M10 12h10M10 18h10",
        ["agents"] = "M4 5h16v6H4zM4 13h16v6H4zM7.5 8h.01M7.5 16h.01M12 8h5M12 16h5",
        ["frameworks"] = "M6 4v6a3 3 0 003 3h6a3 3 0 013 3v4M6 20a2 2 0 100-4 2 2 0 000 4zM6 16v-6M18 8a2 2 0 100-4 2 2 0 000 4zM18 8v2a3 3 0 01-3 3",
        ["roles"] = "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-3.3 2.7-6 6-6s6 2.7 6 6M16 4.5a3.5 3.5 0 010 6.3M18 14.5c1.8.9 3 3 3 5.5",
        ["offers"] = "M4 12V5a1 1 0 011-1h7l8 8-8 8zM8.5 8.5h.01",
        ["theme"] = "M12 4a8 8 0 100 16zM12 4a8 8 0 010 16",
        ["help"] = "M9.2 9.2a2.8 2.8 0 115 1.7c-.9.8-2.2 1.3-2.2 2.6M12 17h.01M12 21a9 9 0 100-18 9 9 0 000 18z",
        ["sign-out"] = "M14 4h5a1 1 0 011 1v14a1 1 0 01-1 1h-5M10 8l-4 4 4 4M6 12h9",
        ["close"] = "M6 6l12 12M18 6L6 18",
        ["search"] = "M11 18a7 7 0 100-14 7 7 0 000 14zM20 20l-4-4",
        ["warning"] = "M12 4l9 16H3zM12 10v4M12 17h.01",
        ["check"] = "M5 12.5l4.5 4.5L19 7.5",
        ["copy"] = "M9 9h10v11H9zM5 15V4h10",
        ["down"] = "M6 9l6 6 6-6",
        ["up"] = "M6 15l6-6 6 6",
        ["right"] = "M9 6l6 6-6 6",
        ["plus"] = "M12 5v14M5 12h14",
        ["more"] = "M5 12h.01M12 12h.01M19 12h.01",
        ["edit"] = "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
        ["scale"] = "M4 14v6h6M20 10V4h-6M4 20l6.5-6.5M20 4l-6.5 6.5",
        ["restart"] = "M20 11a8 8 0 10-2.3 6.3M20 4v7h-7",
        ["pause"] = "M8 5v14M16 5v14",
        ["play"] = "M7 5l12 7-12 7z",
        ["stop"] = "M6 6h12v12H6z",
        ["trash"] = "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
        ["download"] = "M12 4v11M7 11l5 5 5-5M5 20h14",
        ["file"] = "M6 3h8l4 4v14H6zM14 3v4h4",
        ["folder"] = "M3 6h6l2 2h10v11H3z",
        ["wrap"] = "M4 6h16M4 12h13a3 3 0 010 6h-4M15 15l-2.5 3L15 21M4 18h5",
        ["clock"] = "M12 7v5l3.5 2M12 21a9 9 0 100-18 9 9 0 000 18z",
        ["external"] = "M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 01-1 1H5a1 1 0 01-1-1V7a1 1 0 011-1h5",
        ["inbox"] = "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
    };

    /// <summary>Which drawing.</summary>
    [Parameter]
    [EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>Side in pixels.</summary>
    [Parameter]
    public int Size { get; set; } = 16;

    /// <summary>Further classes.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    private string Path => s_paths.GetValueOrDefault(Name, "M12 12h.01");
}
