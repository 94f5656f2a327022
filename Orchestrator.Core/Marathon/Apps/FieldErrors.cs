namespace Orchestrator.Core.Marathon.Apps;

/// <summary>What is wrong with a definition, field by field; paths as in <c>/healthChecks(0)/portIndex</c>.</summary>
public sealed class FieldErrors
{
    private readonly List<(string Path, string Text)> _errors = [];

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _errors.Count > 0;

    /// <summary>Everything, in the order found.</summary>
    public IReadOnlyList<(string Path, string Text)> All => _errors;

    /// <summary>Adds one.</summary>
    public void Add(string path, string text) => _errors.Add((path.Length == 0 ? "/" : path, text));

    /// <summary>Adds one unless <paramref name="holds"/>.</summary>
    public void Require(bool holds, string path, string text)
    {
        if (!holds)
        {
            Add(path, text);
        }
    }

    /// <summary>Adds those of a part of the body that stands at <paramref name="path"/>.</summary>
    public void Add(string path, FieldErrors part) => _errors.AddRange(part._errors.Select(error => (path + (error.Path == "/" && path.Length > 0 ? "" : error.Path), error.Text)));

    /// <summary>422 with <c>{"message":…,"details":[{"path":…,"errors":[…]}]}</c>.</summary>
    public MarathonReply ToReply(string message)
    {
        return new MarathonReply(422, AppJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("message", message);
            json.WriteStartArray("details");
            foreach (var group in _errors.GroupBy(error => error.Path))
            {
                json.WriteStartObject();
                json.WriteString("path", group.Key);
                json.WriteStartArray("errors");
                foreach (var (_, text) in group)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }
}
