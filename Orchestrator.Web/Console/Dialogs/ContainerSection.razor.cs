using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>Image and how it is run.</summary>
public sealed partial class ContainerSection
{
    private static readonly (ContainerRuntime Runtime, string Title)[] s_runtimes = [(ContainerRuntime.None, "Command only"), (ContainerRuntime.Docker, "Docker"), (ContainerRuntime.Mesos, "Mesos")];

    private Task Choose(ContainerRuntime runtime) => ChangeAsync(() =>
    {
        // Docker apps usually publish a port of their own: begin with the bridge, unless something was said already.
        if (runtime == ContainerRuntime.Docker && Form is { Runtime: ContainerRuntime.None, Network: FormNetwork.Host, Ports.Count: 0 })
        {
            Form.Network = FormNetwork.Bridge;
            Form.Ports.Add(new PortRow { ContainerPort = "80", HostPort = "0" });
        }

        Form.Runtime = runtime;
    });
}
