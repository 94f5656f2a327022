using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>Network and ports.</summary>
public sealed partial class PortsSection
{
    private static readonly (FormNetwork Network, string Title)[] s_networks = [(FormNetwork.Host, "Host"), (FormNetwork.Bridge, "Bridged"), (FormNetwork.User, "User")];

    private bool IsHost => Form.Network == FormNetwork.Host;

    private string Top => IsHost ? "/portDefinitions" : "/container/portMappings";

    private Task Choose(FormNetwork network) => ChangeAsync(() =>
    {
        Form.Network = network;
        if (network == FormNetwork.Bridge && Form.Ports.Count == 0)
        {
            Form.Ports.Add(new PortRow { ContainerPort = "80", HostPort = "0" });
        }
    });

    private Task Add() => ChangeAsync(() => Form.Ports.Add(new PortRow { HostPort = Form.Network == FormNetwork.User ? "" : "0" }));
}
