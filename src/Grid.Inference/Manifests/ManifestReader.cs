using System.Collections.Immutable;
using System.Globalization;
using Grid.Primitives;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Grid.Inference.Manifests;

/// <summary>Reads <c>model.yaml</c> entry by entry and keeps going after a mistake, so that all are reported together.</summary>
internal sealed partial class ManifestReader(string source)
{
    /// <summary>Levels of nesting; the format itself has four. Checked before the tree is built, which recurses.</summary>
    private const int MaxDepth = 16;

    private readonly List<GridError> _errors = [];

    public ModelManifest Read(string yaml)
    {
        if (yaml.Length > ModelManifest.MaxTextBytes)
        {
            throw new GridError(GridErrorCode.TooLarge, source, $"has {yaml.Length} characters; the limit is {ModelManifest.MaxTextBytes}.", "A manifest holds names and limits only.").ToException();
        }

        var manifest = Load(yaml) is { } root ? ReadManifest(root) : new ModelManifest();
        if (_errors.Count == 0)
        {
            _errors.AddRange(ManifestRules.CheckValues(manifest).Select(e => e with { Target = $"{source}: {e.Target}" }));
        }

        return _errors.Count == 0 ? manifest : throw new GridException(_errors);
    }

    /// <summary>The document's mapping; null for an empty text, which is a manifest of defaults.</summary>
    private YamlMappingNode? Load(string yaml)
    {
        try
        {
            CheckDepth(yaml);
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents.Count switch
            {
                0 => null,
                1 => stream.Documents[0].RootNode is YamlMappingNode root ? root : throw GridError.Invalid(source, "is no mapping.", "Begin with entries such as 'inputs:'.").ToException(),
                _ => throw GridError.Invalid(source, $"has {stream.Documents.Count} documents.", "A manifest is one.").ToException(),
            };
        }
        catch (YamlException exception)
        {
            throw new GridException(GridError.Invalid($"{source}:{exception.Start.Line}:{exception.Start.Column}", $"is not valid YAML: {exception.Message}", "Check indentation, quotes and doubled keys there."), exception);
        }
    }

    private void CheckDepth(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            // The stream and the document count as a level each.
            if (depth > MaxDepth + 2)
            {
                throw GridError.Invalid($"{source}:{parser.Current.Start.Line}", $"nests over {MaxDepth} levels deep.", "A manifest needs four.").ToException();
            }

            if (parser.Current is AnchorAlias)
            {
                throw GridError.Invalid($"{source}:{parser.Current.Start.Line}", "uses an alias.", "Write the value out.").ToException();
            }
        }
    }

    private ModelManifest ReadManifest(YamlMappingNode root)
    {
        var manifest = new ModelManifest();
        foreach (var (key, node) in Entries(root, ""))
        {
            manifest = key switch
            {
                "description" => manifest with { Description = Text(node, key) },
                "inputs" => manifest with { Inputs = [.. Entries(node, key).Select(e => ReadInput(e.Key, e.Node))] },
                "outputs" => manifest with { Outputs = [.. Entries(node, key).Select(e => ReadOutput(e.Key, e.Node))] },
                "limits" => manifest with { Limits = ReadLimits(node) },
                "guards" => manifest with { Guards = ReadGuards(node) },
                "replicas" => manifest with { Replicas = ReadReplicas(node) },
                "monitoring" => manifest with { Monitoring = ReadMonitoring(node) },
                "retraining" => manifest with { Retraining = ReadRetraining(node) },
                "baseline" => manifest with { Baseline = Text(node, key) },
                "allow_stale_reads" => manifest with { AllowStaleReads = Bool(node, key) },
                "allow_nan" => manifest with { AllowNan = Bool(node, key) },
                "threads" => manifest with { Threads = Integer(node, key) },
                "log_share" => manifest with { LogShare = Number(node, key) },
                _ => Unknown(manifest, key, "description, inputs, outputs, limits, guards, replicas, monitoring, retraining, baseline, allow_stale_reads, allow_nan, threads, log_share"),
            };
        }

        return manifest;
    }

    private ManifestInput ReadInput(string name, YamlNode node)
    {
        var path = $"inputs.{name}";
        if (node is not YamlSequenceNode list)
        {
            Fail(path, "is no list.", "List the columns: '- feature: view.name' or '- request: name'.");
            return new ManifestInput(name, []);
        }

        var columns = ImmutableArray.CreateBuilder<ManifestColumn>();
        foreach (var item in list)
        {
            columns.Add(ReadColumn($"{path}[{columns.Count}]", item));
        }

        return new ManifestInput(name, columns.ToImmutable());
    }

    private ManifestColumn ReadColumn(string path, YamlNode node)
    {
        string? feature = null, request = null;
        float? fallback = null;
        foreach (var (key, value) in Entries(node, path))
        {
            _ = key switch
            {
                "feature" => feature = Text(value, $"{path}.feature"),
                "request" => request = Text(value, $"{path}.request"),
                "default" => (object?)(fallback = (float)Number(value, $"{path}.default")),
                _ => Unknown<object?>(null, $"{path}.{key}", "feature, request, default"),
            };
        }

        if (feature is null == request is null)
        {
            Fail(path, "needs one of 'feature' and 'request'.", "Use 'feature: view.name' or 'request: name'.");
            return new ManifestColumn(ColumnSource.Request, "unknown");
        }

        if (request is not null)
        {
            return new ManifestColumn(ColumnSource.Request, request, Default: fallback);
        }

        // Names may hold dots themselves; a view's ends at the first one.
        var dot = feature!.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            Fail($"{path}.feature", $"'{feature}' names no view.", "Use 'view.name'.");
            return new ManifestColumn(ColumnSource.Feature, feature, "unknown", fallback);
        }

        return new ManifestColumn(ColumnSource.Feature, feature[(dot + 1)..], feature[..dot], fallback);
    }

    private ManifestOutput ReadOutput(string name, YamlNode node)
    {
        var path = $"outputs.{name}";
        string? output = null;
        int? index = null;
        foreach (var (key, value) in Entries(node, path))
        {
            _ = key switch
            {
                "output" => output = Text(value, $"{path}.output"),
                "index" => (object?)(index = Integer(value, $"{path}.index")),
                _ => Unknown<object?>(null, $"{path}.{key}", "output, index"),
            };
        }

        if (output is null)
        {
            Fail(path, "names no output of the model.", "Use '{ output: name, index: 1 }'.");
        }

        return new ManifestOutput(name, output ?? "", index);
    }

    private ManifestLimits ReadLimits(YamlNode node)
    {
        var limits = new ManifestLimits();
        foreach (var (key, value) in Entries(node, "limits"))
        {
            var path = $"limits.{key}";
            limits = key switch
            {
                "max_batch" => limits with { MaxBatch = Integer(value, path) },
                "queue" => limits with { Queue = Integer(value, path) },
                "deadline_ms" => limits with { DeadlineMs = Integer(value, path) },
                "max_delay_ms" => limits with { MaxDelayMs = Number(value, path) },
                "inline" => limits with { Inline = Inline(value, path) },
                _ => Unknown(limits, path, "max_batch, queue, deadline_ms, inline, max_delay_ms"),
            };
        }

        return limits;
    }

    private ManifestGuards ReadGuards(YamlNode node)
    {
        var guards = new ManifestGuards();
        foreach (var (key, value) in Entries(node, "guards"))
        {
            var path = $"guards.{key}";
            guards = key switch
            {
                "min_requests" => guards with { MinRequests = Integer(value, path) },
                "error_rate" => guards with { ErrorRate = Number(value, path) },
                "p99_ms" => guards with { P99Ms = Number(value, path) },
                "disagreement" => guards with { Disagreement = ReadDisagreement(value) },
                "performance" => guards with { Performance = ReadPerformance(value) },
                "drift" => guards with { Drift = Bool(value, path) },
                "steps" => guards with { Steps = Numbers(value, path) },
                _ => Unknown(guards, path, "min_requests, error_rate, p99_ms, disagreement, performance, drift, steps"),
            };
        }

        return guards;
    }

    private ManifestReplicas ReadReplicas(YamlNode node)
    {
        var replicas = new ManifestReplicas();
        foreach (var (key, value) in Entries(node, "replicas"))
        {
            var path = $"replicas.{key}";
            replicas = key switch
            {
                "min" => replicas with { Min = Integer(value, path) },
                "max" => replicas with { Max = Integer(value, path) },
                "idle_minutes" => replicas with { IdleMinutes = Number(value, path) },
                "requires" => replicas with { Requires = Texts(value, path) },
                _ => Unknown(replicas, path, "min, max, idle_minutes, requires"),
            };
        }

        return replicas;
    }

    private DisagreementGuard ReadDisagreement(YamlNode node)
    {
        var guard = new DisagreementGuard();
        foreach (var (key, value) in Entries(node, "guards.disagreement"))
        {
            var path = $"guards.disagreement.{key}";
            guard = key switch
            {
                "output" => guard with { Output = Text(value, path) },
                "threshold" => guard with { Threshold = Number(value, path) },
                "rate" => guard with { Rate = Number(value, path) },
                _ => Unknown(guard, path, "output, threshold, rate"),
            };
        }

        return guard;
    }

    private PerformanceGuard ReadPerformance(YamlNode node)
    {
        var guard = new PerformanceGuard();
        foreach (var (key, value) in Entries(node, "guards.performance"))
        {
            var path = $"guards.performance.{key}";
            guard = key switch
            {
                "margin" => guard with { Margin = Number(value, path) },
                "min_outcomes" => guard with { MinOutcomes = Integer(value, path) },
                _ => Unknown(guard, path, "margin, min_outcomes"),
            };
        }

        return guard;
    }

    private ImmutableArray<double> Numbers(YamlNode node, string path)
    {
        if (node is not YamlSequenceNode list)
        {
            Fail(path, "is no list.", "Write a list: [5, 25].");
            return [];
        }

        return [.. list.Select((item, i) => Number(item, $"{path}[{i}]"))];
    }

    private ImmutableArray<string> Texts(YamlNode node, string path)
    {
        if (node is not YamlSequenceNode list)
        {
            Fail(path, "is no list.", "Write a list: [gpu, large].");
            return [];
        }

        return [.. list.Select((item, i) => Text(item, $"{path}[{i}]"))];
    }

    private InlineMode Inline(YamlNode node, string path)
    {
        switch (Text(node, path))
        {
            case "auto": return InlineMode.Auto;
            case "always": return InlineMode.Always;
            case "never": return InlineMode.Never;
            case var other:
                Fail(path, $"is '{other}'.", "Use auto, always or never.");
                return InlineMode.Auto;
        }
    }

    private List<(string Key, YamlNode Node)> Entries(YamlNode node, string path)
    {
        var entries = new List<(string Key, YamlNode Node)>();
        if (node is not YamlMappingNode mapping)
        {
            Fail(path, "is no mapping.", "Write entries as 'name: value'.");
            return entries;
        }

        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { Length: > 0 } name })
            {
                entries.Add((name, value));
            }
            else
            {
                Fail(path, "has an entry without a plain name.", "Write entries as 'name: value'.");
            }
        }

        return entries;
    }

    private string Text(YamlNode node, string path)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
        {
            return text;
        }

        Fail(path, "is no text.", "Give one value.");
        return "";
    }

    private bool Bool(YamlNode node, string path)
    {
        var text = Text(node, path);
        if (text is not ("true" or "false"))
        {
            Fail(path, $"is '{text}'.", "Use true or false.");
        }

        return text == "true";
    }

    private int Integer(YamlNode node, string path)
    {
        var text = Text(node, path);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            Fail(path, $"'{text}' is no whole number.", "Give a whole number.");
        }

        return number;
    }

    private double Number(YamlNode node, string path)
    {
        var text = Text(node, path);
        var number = text switch { ".nan" => double.NaN, ".inf" => double.PositiveInfinity, "-.inf" => double.NegativeInfinity, _ => 0 };
        if (number == 0 && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            Fail(path, $"'{text}' is no number.", "Give a number.");
        }

        return number;
    }

    private T Unknown<T>(T unchanged, string path, string known)
    {
        Fail(path, "is unknown.", $"Known are: {known}.");
        return unchanged;
    }

    private void Fail(string path, string message, string fix) => _errors.Add(GridError.Invalid(path.Length == 0 ? source : $"{source}: {path}", message, fix));
}
