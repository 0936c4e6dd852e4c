using System.Globalization;
using Grid.Inference.Repository;
using Grid.Inference.Signatures;
using Grid.Primitives;

namespace Grid.Inference.Manifests;

/// <summary>What a manifest must hold to, alone, against its model, and against its files. Pure.</summary>
internal static class ManifestRules
{
    public static List<GridError> CheckValues(ModelManifest manifest)
    {
        var errors = new List<GridError>();
        if (HasNull(manifest))
        {
            errors.Add(GridError.Invalid("manifest", "has a list, name or entry that is null.", "Leave the entry out, or give a value."));
            return errors;
        }

        if (manifest.Description is "")
        {
            errors.Add(GridError.Invalid("description", "is empty.", "Leave it out, or say what the model predicts."));
        }

        var limits = manifest.Limits;
        Range("limits.max_batch", limits.MaxBatch, 1, 4096, errors);
        Range("limits.queue", limits.Queue, 1, 1_000_000, errors);
        Range("limits.deadline_ms", limits.DeadlineMs, 1, 600_000, errors);
        Range("limits.max_delay_ms", limits.MaxDelayMs, 0, 1000, errors);
        Range("threads", manifest.Threads, 1, 64, errors);
        Range("log_share", manifest.LogShare ?? 0, 0, 1, errors);
        if (!Enum.IsDefined(limits.Inline))
        {
            errors.Add(GridError.Invalid("limits.inline", $"is {limits.Inline}.", "Use auto, always or never."));
        }

        if (manifest.Guards is { } guards)
        {
            CheckGuards(guards, manifest, errors);
        }

        if (manifest.Replicas is { } replicas)
        {
            CheckReplicas(replicas, errors);
        }

        errors.AddRange(manifest.Monitoring is { } monitoring ? MonitoringRules.Check(monitoring) : []);
        errors.AddRange(manifest.Retraining is { } retraining ? MonitoringRules.Check(retraining) : []);
        Unique("inputs", manifest.Inputs.Select(i => i.Name), errors);
        Unique("outputs", manifest.Outputs.Select(o => o.Name), errors);
        foreach (var input in manifest.Inputs)
        {
            CheckColumns(manifest, input, errors);
        }

        foreach (var output in manifest.Outputs)
        {
            if (!GridNames.IsValid(output.Name))
            {
                errors.Add(GridError.Invalid($"outputs.{output.Name}", "is not a valid name of an answer's value.", GridNames.Rule));
            }

            if (output.Index < 0)
            {
                errors.Add(GridError.Invalid($"outputs.{output.Name}.index", $"is {output.Index}.", "Count from 0."));
            }
        }

        if (manifest.Baseline is { } baseline && !PackagePaths.IsValidName(baseline))
        {
            errors.Add(GridError.Invalid("baseline", $"'{baseline}' is no plain path inside the version's folder.", PackagePaths.Rule));
        }

        return errors;
    }

    public static List<GridError> CheckSignature(ModelManifest manifest, ModelSignature signature)
    {
        var errors = new List<GridError>();
        foreach (var input in manifest.Inputs)
        {
            var path = $"inputs.{input.Name}";
            if (signature.FindInput(input.Name) is not { } spec)
            {
                errors.Add(GridError.Invalid(path, "is no input of the model.", $"Its inputs are: {List(signature.Inputs)}."));
            }
            else
            {
                CheckInput(path, input, spec, errors);
            }
        }

        foreach (var spec in signature.Inputs)
        {
            if (!manifest.Inputs.IsEmpty && !manifest.Inputs.Any(i => i.Name == spec.Name))
            {
                errors.Add(GridError.Invalid("inputs", $"the model's input '{spec}' is missing.", "List the columns of every input, or leave 'inputs' out and ask by tensors."));
            }
        }

        foreach (var output in manifest.Outputs)
        {
            if (signature.FindOutput(output.Output) is not { } spec)
            {
                errors.Add(GridError.Invalid($"outputs.{output.Name}.output", $"'{output.Output}' is no output of the model.", $"Its outputs are: {List(signature.Outputs)}."));
            }
            else
            {
                CheckOutput(output, spec, errors);
            }
        }

        return errors;
    }

    public static IEnumerable<GridError> CheckFiles(ModelManifest manifest, ModelPackage? package)
    {
        if (manifest.Baseline is { } baseline && package is not null && !package.HasFile(baseline))
        {
            yield return GridError.Invalid("baseline", $"the file '{baseline}' is missing in '{package.Folder}'.", "Put it beside the model, or leave 'baseline' out.");
        }
    }

    /// <summary>JSON can bring null where the types forbid it.</summary>
    private static bool HasNull(ModelManifest manifest) =>
        manifest.Inputs.IsDefault
        || manifest.Outputs.IsDefault
        || manifest.Limits is null
        || manifest.Guards is { Steps.IsDefault: true }
        || manifest.Replicas is { Requires.IsDefault: true }
        || manifest.Inputs.Any(i => i is null || i.Name is null || i.Columns.IsDefault || i.Columns.Any(c => c?.Name is null))
        || manifest.Outputs.Any(o => o?.Name is null || o.Output is null);

    private static void CheckColumns(ModelManifest manifest, ManifestInput input, List<GridError> errors)
    {
        var path = $"inputs.{input.Name}";
        if (input.Columns.IsEmpty)
        {
            errors.Add(GridError.Invalid(path, "has no columns.", "List what fills it, one entry per column."));
        }

        for (var i = 0; i < input.Columns.Length; i++)
        {
            var column = input.Columns[i];
            var isFeature = column.Source == ColumnSource.Feature;
            if ((!isFeature && column.Source != ColumnSource.Request) || !GridNames.IsValid(column.Name) || (isFeature ? !GridNames.IsValid(column.View) : column.View is not null))
            {
                errors.Add(GridError.Invalid($"{path}[{i}]", $"'{column}' names no feature and no request value.", "Use 'feature: view.name' or 'request: name'."));
            }

            if (column.Default is { } value && !float.IsFinite(value) && !manifest.AllowNan)
            {
                errors.Add(GridError.Invalid($"{path}[{i}].default", $"is {value}.", "Give a finite number, or set allow_nan: true where the model understands it."));
            }
        }
    }

    private static void CheckGuards(ManifestGuards guards, ModelManifest manifest, List<GridError> errors)
    {
        Range("guards.min_requests", guards.MinRequests, 1, 1_000_000_000, errors);
        Range("guards.error_rate", guards.ErrorRate ?? 0, 0, 1, errors);
        if (guards.P99Ms is { } ms)
        {
            Range("guards.p99_ms", ms, 0.001, 600_000, errors);
        }

        if (guards.Disagreement is { } disagreement)
        {
            Range("guards.disagreement.rate", disagreement.Rate, 0, 1, errors);
            if (!double.IsFinite(disagreement.Threshold))
            {
                errors.Add(GridError.Invalid("guards.disagreement.threshold", string.Create(CultureInfo.InvariantCulture, $"is {disagreement.Threshold}."), "Give a finite number."));
            }

            if (disagreement.Output is { } output && !manifest.Outputs.IsEmpty && !manifest.Outputs.Any(o => o.Name == output))
            {
                errors.Add(GridError.Invalid("guards.disagreement.output", $"'{output}' is no output of the manifest.", $"Its outputs are: {string.Join(", ", manifest.Outputs.Select(o => o.Name))}."));
            }
        }

        if (guards.Performance is { } performance)
        {
            Range("guards.performance.margin", performance.Margin, 1e-6, 10, errors);
            Range("guards.performance.min_outcomes", performance.MinOutcomes, 2, 1_000_000_000, errors);
        }

        for (var i = 0; i < guards.Steps.Length; i++)
        {
            Range($"guards.steps[{i}]", guards.Steps[i], 0.001, 100, errors);
            if (i > 0 && !(guards.Steps[i] > guards.Steps[i - 1]))
            {
                errors.Add(GridError.Invalid($"guards.steps[{i}]", string.Create(CultureInfo.InvariantCulture, $"is {guards.Steps[i]} after {guards.Steps[i - 1]}."), "Let the shares rise."));
            }
        }
    }

    private static void CheckReplicas(ManifestReplicas replicas, List<GridError> errors)
    {
        Range("replicas.min", replicas.Min, 0, 1000, errors);
        Range("replicas.max", replicas.Max ?? 1, 1, 1000, errors);
        Range("replicas.idle_minutes", replicas.IdleMinutes ?? 1, 0.05, 525_600, errors);
        if (replicas.Max is >= 1 and var max && replicas.Min > max)
        {
            errors.Add(GridError.Invalid("replicas.max", $"is {max}, below the {replicas.Min} of replicas.min.", "Raise it, or lower min."));
        }

        for (var i = 0; i < replicas.Requires.Length; i++)
        {
            // Labels are the operator's own words, such as 'provider=cuda'.
            if (replicas.Requires[i] is not { Length: >= 1 and <= 128 } label || label.Any(static c => c is <= ' ' or > '~'))
            {
                errors.Add(GridError.Invalid($"replicas.requires[{i}]", $"'{replicas.Requires[i]}' is no label of a silo.", "Use 1 to 128 printable characters without spaces, as in GRID_CLUSTER__LABELS."));
            }
        }

        Unique("replicas.requires", replicas.Requires, errors);
    }

    private static void CheckInput(string path, ManifestInput input, TensorSpec spec, List<GridError> errors)
    {
        if (spec.ElementType is not (TensorElementType.FP32 or TensorElementType.FP64 or TensorElementType.Int64 or TensorElementType.Int32))
        {
            errors.Add(GridError.Invalid(path, $"takes {TensorElementTypes.NameOf(spec.ElementType)}; columns can fill FP32, FP64, INT64 and INT32.", "Ask this model by tensors, or cast inside it."));
        }

        if (!spec.RankKnown || spec.Rank is 0 or > 2)
        {
            errors.Add(GridError.Invalid(path, $"has the shape {spec.DescribeShape()}; columns can fill [batch] and [batch,columns].", "Ask this model by tensors, or reshape inside it."));
            return;
        }

        var width = spec.Rank == 1 ? 1 : spec.Dimensions[1];
        if (width >= 0 && width != input.Columns.Length)
        {
            errors.Add(GridError.Invalid(path, $"lists {input.Columns.Length} columns; the model takes {width} ({spec.DescribeShape()}).", $"List exactly {width}, in the order of training."));
        }
    }

    private static void CheckOutput(ManifestOutput output, TensorSpec spec, List<GridError> errors)
    {
        var path = $"outputs.{output.Name}";
        if (spec.ElementType is TensorElementType.Bytes or TensorElementType.FP16 or TensorElementType.BF16)
        {
            errors.Add(GridError.Invalid(path, $"is of type {TensorElementTypes.NameOf(spec.ElementType)}; an answer's values are numbers or booleans.", "Cast it inside the model, or ask by tensors."));
        }

        if (output.Index is not { } index || !spec.RankKnown)
        {
            return;
        }

        if (spec.Rank != 2)
        {
            errors.Add(GridError.Invalid($"{path}.index", $"picks from the shape {spec.DescribeShape()}.", "Leave the index out; it needs an output of [batch,n]."));
        }
        else if (spec.Dimensions[1] >= 0 && index >= spec.Dimensions[1])
        {
            errors.Add(GridError.Invalid($"{path}.index", $"is {index}; '{spec.Name}' has {spec.Dimensions[1]} elements a row.", $"Use 0 to {spec.Dimensions[1] - 1}."));
        }
    }

    private static void Unique(string path, IEnumerable<string> names, List<GridError> errors) =>
        errors.AddRange(names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => GridError.Invalid($"{path}.{g.Key}", "is there twice.", "Give each name once.")));

    private static void Range(string path, double value, double min, double max, List<GridError> errors)
    {
        // Written so that NaN fails too.
        if (!(value >= min && value <= max))
        {
            errors.Add(GridError.Invalid(path, string.Create(CultureInfo.InvariantCulture, $"is {value}."), string.Create(CultureInfo.InvariantCulture, $"Use {min} to {max}.")));
        }
    }

    private static string List(IEnumerable<TensorSpec> specs) => string.Join(", ", specs.Select(s => s.Name));
}
