using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>Tasks in lists, as JSON and as the tab-separated text of old load balancers.</summary>
internal static class TaskDocuments
{
    /// <summary>All tasks of an app as an array of a name.</summary>
    internal static void WriteAll(Utf8JsonWriter json, string name, AppView app, bool withServicePorts) =>
        WriteAll(json, name, [app], withServicePorts, static _ => true);

    /// <summary>The tasks of some apps as an array of a name.</summary>
    internal static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<AppView> apps, bool withServicePorts, Func<InstanceView, bool> wants)
    {
        json.WriteStartArray(name);
        foreach (var app in apps)
        {
            var ports = withServicePorts ? app.Definition.Ports.Select(port => port.Service).ToArray() : null;
            foreach (var instance in app.Instances)
            {
                if (wants(instance))
                {
                    TaskJson.Write(json, instance, ports);
                }
            }
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// One line for each service port of each app: <c>shop_web␉10000␉host1:31001␉host2:31000␉</c>; the port is a space and
    /// the hosts stand alone where an app has no port. Only running tasks count.
    /// </summary>
    internal static byte[] WriteText(IReadOnlyList<AppView> apps)
    {
        var text = new StringBuilder();
        foreach (var app in apps)
        {
            var name = PathId.ToIdPart(app.Id);
            var running = app.Instances.Where(instance => instance.State == "TASK_RUNNING").ToList();
            var ports = app.Definition.Ports;
            if (ports.Count == 0)
            {
                AppendLine(text, name, " ", running.Select(instance => instance.Host));
            }

            for (var i = 0; i < ports.Count; i++)
            {
                var index = i;
                AppendLine(text, name, ports[i].Service.ToString(CultureInfo.InvariantCulture), running
                    .Where(instance => index < instance.Ports.Count)
                    .Select(instance => string.Create(CultureInfo.InvariantCulture, $"{instance.Host}:{instance.Ports[index]}")));
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AppendLine(StringBuilder text, string app, string servicePort, IEnumerable<string> endpoints)
    {
        text.Append(app).Append('\t').Append(servicePort).Append('\t');
        foreach (var endpoint in endpoints.Order(StringComparer.Ordinal))
        {
            text.Append(endpoint).Append('\t');
        }

        text.Append('\n');
    }
}
