using CsCheck;
using Grid.Inference.Manifests;
using Grid.Inference.Signatures;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

public sealed class ManifestTests
{
    private static readonly Gen<string> GenName = Gen.String[Gen.Char.AlphaNumeric, 1, 8].Where(n => GridNames.IsValid(n));

    private static readonly Gen<string> GenText = Gen.String[Gen.Frequency((9, Gen.Char[' ', '~']), (1, Pick('é', '\n', '\t', '"', '語', '\u0007', '\u2028'))), 1, 20];

    private static readonly Gen<ManifestColumn> GenColumn =
        Gen.Select(Gen.Bool, GenName, GenName, Maybe(Gen.Float[-1e6f, 1e6f]), (isFeature, name, view, value) =>
            new ManifestColumn(isFeature ? ColumnSource.Feature : ColumnSource.Request, name, isFeature ? view : null, value));

    private static readonly Gen<ModelManifest> GenManifest =
        from description in Gen.Frequency((1, Gen.Const((string?)null)), (3, GenText.Select(static t => (string?)t)))
        from inputs in Gen.Select(GenText, GenColumn.Array[1, 5], (name, columns) => new ManifestInput(name, [.. columns])).Array[0, 3]
        from outputs in Gen.Select(GenName, GenText, Maybe(Gen.Int[0, 9]), (name, output, index) => new ManifestOutput(name, output, index)).Array[0, 3]
        from batch in Gen.Int[1, 4096]
        from inline in Pick(InlineMode.Auto, InlineMode.Always, InlineMode.Never)
        from delay in Gen.Double[0, 1000]
        from flags in Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[1, 64])
        from share in Maybe(Gen.Double[0, 1])
        from replicas in Gen.Select(Gen.Int[0, 5], Maybe(Gen.Int[5, 1000]), Maybe(Gen.Double[0.05, 525_600]), GenName.Array[0, 3])
        from monitoring in Gen.Select(Maybe(Gen.Double[1, 44_640]), Maybe(Gen.Int[50, 1000]), Maybe(Pick(Enum.GetValues<ManifestMeasure>())), Maybe(Gen.Double[0.001, 1]), Maybe(Gen.Int[1, 32]), Maybe(Pick(Enum.GetValues<ManifestSeason>())))
        from retraining in Gen.Select(Maybe(Gen.Bool), Maybe(Gen.Double[0.001, 1]), Maybe(Gen.Int[1, 1000]), Maybe(Gen.Double[0.5, 500]), Maybe(Gen.Double[500, 876_000]))
        select new ModelManifest
        {
            Description = description,
            Inputs = [.. inputs.DistinctBy(i => i.Name)],
            Outputs = [.. outputs.DistinctBy(o => o.Name)],
            Limits = new ManifestLimits { MaxBatch = batch, Inline = inline, MaxDelayMs = delay },
            AllowNan = flags.Item1,
            AllowStaleReads = flags.Item2,
            Threads = flags.Item3,
            LogShare = share,
            Replicas = new ManifestReplicas { Min = replicas.Item1, Max = replicas.Item2, IdleMinutes = replicas.Item3, Requires = [.. replicas.Item4.Distinct()] },
            Monitoring = new ManifestMonitoring
            {
                WindowMinutes = monitoring.Item1, MinRows = monitoring.Item2, MinOutcomes = monitoring.Item2, MinEffectiveSamples = monitoring.Item2, Measure = monitoring.Item3, FeatureThreshold = monitoring.Item4,
                OutputThreshold = monitoring.Item4, RateThreshold = monitoring.Item4, AucThreshold = monitoring.Item4, LossThreshold = monitoring.Item4, CalibrationThreshold = monitoring.Item4,
                LookBack = monitoring.Item5, RaiseAfter = monitoring.Item5, ClearAfter = monitoring.Item5, CoolDown = monitoring.Item5, Season = monitoring.Item6,
            },
            Retraining = new ManifestRetraining
            {
                Enabled = retraining.Item1, InputDriftShare = retraining.Item2, DataVolume = retraining.Item3, MinRows = retraining.Item3, Budget = retraining.Item3, MaxAgeDays = retraining.Item4,
                BudgetDays = retraining.Item4, CoolDownHours = retraining.Item4, MaxBackOffHours = retraining.Item5,
            },
        };

    [Fact]
    public void SampleManifest_IsReadWhole()
    {
        var manifest = ModelManifest.Parse(File.ReadAllText(Path.Combine(TestFiles.Flights("1"), "model.yaml")));

        var input = Assert.Single(manifest.Inputs);
        Assert.Equal(24, input.Columns.Length);
        Assert.Equal(new ManifestColumn(ColumnSource.Request, "local_hour"), input.Columns[0]);
        Assert.Equal(new ManifestColumn(ColumnSource.Feature, "delay_7d", "route"), input.Columns[23]);
        Assert.Equal(new ManifestOutput("p_late", "probabilities", 1), Assert.Single(manifest.Outputs));
        Assert.Equal(new ManifestLimits { MaxBatch = 64, Queue = 1024, DeadlineMs = 1000 }, manifest.Limits);
        Assert.Equal("baseline.json", manifest.Baseline);
        Assert.Empty(manifest.Check(OnnxInspector.Inspect(Path.Combine(TestFiles.Flights("1"), "model.onnx"))));
    }

    [Fact]
    public void Manifest_WrittenAsYamlOrJsonAndReadAgain_HasTheSameDigest() => GenManifest.Sample(manifest =>
    {
        Assert.Equal(manifest.Digest(), ModelManifest.Parse(manifest.ToYaml()).Digest());
        Assert.Equal(manifest.Digest(), ModelManifest.FromJson(manifest.ToJson()).Digest());
    });

    [Fact]
    public void OrderOfEntriesAndStyle_DoNotChangeTheDigest()
    {
        var a = ModelManifest.Parse("threads: 2\noutputs:\n  p: { output: y, index: 1 }\ninputs:\n  x:\n    - request: a\n");
        var b = ModelManifest.Parse("# a comment\ninputs: { \"x\": [ { request: a } ] }\noutputs: { p: { index: 1, output: 'y' } }\nthreads: 2");
        Assert.Equal(a.Digest(), b.Digest());
        Assert.NotEqual(a.Digest(), (a with { Threads = 3 }).Digest());
    }

    [Fact]
    public void Replicas_AreReadWhole_AndSayingTheDefaultSaysNothing()
    {
        var manifest = ModelManifest.Parse("replicas: { min: 0, max: 3, idle_minutes: 0.5, requires: [gpu] }");
        var replicas = Assert.IsType<ManifestReplicas>(manifest.Replicas);
        Assert.Equal((0, 3, 0.5, "gpu"), (replicas.Min, replicas.Max, replicas.IdleMinutes, Assert.Single(replicas.Requires)));

        // A version that was registered before there were replicas keeps its digest.
        Assert.Null(ModelManifest.Parse("replicas: { min: 1 }").Replicas);
        Assert.Equal(new ModelManifest().Digest(), ModelManifest.Parse("replicas: {}").Digest());
        Assert.DoesNotContain("replicas", new ModelManifest().ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replicas: { min: -1 }", "replicas.min")]
    [InlineData("replicas: { min: 0, max: 0 }", "replicas.max")]
    [InlineData("replicas: { min: 2, max: 1 }", "replicas.max")]
    [InlineData("replicas: { max: 1001 }", "replicas.max")]
    [InlineData("replicas: { idle_minutes: .nan }", "replicas.idle_minutes")]
    [InlineData("replicas: { most: 2 }", "replicas.most")]
    [InlineData("replicas: 2", "replicas")]
    [InlineData("replicas: { requires: gpu }", "replicas.requires")]
    public void ReplicasThatCannotBe_AreRefusedByPath(string yaml, string path)
    {
        var error = Assert.Single(Assert.Throws<GridException>(() => ModelManifest.Parse(yaml)).Errors);
        Assert.Equal($"model.yaml: {path}", error.Target);
        Assert.NotNull(error.Fix);
    }

    [Fact]
    public void Mistakes_AreAllReportedWithTheirPaths()
    {
        var exception = Assert.Throws<GridException>(() => ModelManifest.Parse(
            """
            inputs:
              x:
                - feature: noview
                - request: a
                  default: much
                - { request: b, feature: v.c }
            outputs:
              p: { index: one }
            limits: { max_batch: many, inline: perhaps }
            allow_nan: maybe
            colour: red
            """,
            "m.yaml"));

        Assert.Equal(
            [
                "m.yaml: inputs.x[0].feature", "m.yaml: inputs.x[1].default", "m.yaml: inputs.x[2]", "m.yaml: outputs.p.index", "m.yaml: outputs.p",
                "m.yaml: limits.max_batch", "m.yaml: limits.inline", "m.yaml: allow_nan", "m.yaml: colour",
            ],
            exception.Errors.Select(e => e.Target));
        Assert.All(exception.Errors, e => Assert.NotNull(e.Fix));
    }

    [Fact]
    public void ValuesOutOfRange_AreAllReported()
    {
        var exception = Assert.Throws<GridException>(() => ModelManifest.Parse(
            """
            inputs: { x: [ { request: a, default: .nan } ], z: [] }
            limits: { max_batch: 0, queue: 0, deadline_ms: 0, max_delay_ms: .nan }
            threads: 65
            log_share: 1.5
            replicas: { min: 3, max: 2, idle_minutes: 0, requires: [a, "b c", a] }
            baseline: ../secrets
            """));

        Assert.Equal(
            ["limits.max_batch", "limits.queue", "limits.deadline_ms", "limits.max_delay_ms", "threads", "log_share", "replicas.idle_minutes", "replicas.max", "replicas.requires[1]", "replicas.requires.a", "inputs.x[0].default", "inputs.z", "baseline"],
            exception.Errors.Select(e => e.Target["model.yaml: ".Length..]));
    }

    [Theory]
    [InlineData("inputs: [", "is not valid YAML")]
    [InlineData("threads: 1\nthreads: 2", "is not valid YAML")]
    [InlineData("- a", "is no mapping")]
    [InlineData("threads: 1\n---\nthreads: 2", "has 2 documents")]
    [InlineData("a: &a 1\nb: *a", "uses an alias")]
    public void TextThatIsNoManifest_IsRefused(string yaml, string part) =>
        Assert.Contains(part, Assert.Throws<GridException>(() => ModelManifest.Parse(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void DeepYaml_IsRefusedBeforeItIsBuilt() =>
        Assert.Contains("nests over", Assert.Throws<GridException>(() => ModelManifest.Parse("a: " + new string('[', 100_000))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"inputs\":[null]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"columns\":[null]}]}")]
    [InlineData("{\"limits\":null}")]
    [InlineData("{\"colour\":1}")]
    [InlineData("[")]
    public void OddJson_IsReadOrRefusedByName(string json)
    {
        var exception = Record.Exception(() => ModelManifest.FromJson(json));
        Assert.True(json == "{}" ? exception is null : exception is GridException, $"{exception}");
    }

    [Fact]
    public void ManifestThatDoesNotFitTheModel_IsToldEverything()
    {
        var signature = new ModelSignature(
            8,
            [],
            [Spec("x", TensorElementType.FP32, -1, 3), Spec("s", TensorElementType.Bytes, -1, 1), Spec("cube", TensorElementType.FP32, -1, 2, 2), Spec("left", TensorElementType.FP32, -1, 1)],
            [Spec("y", TensorElementType.FP32, -1, 2), Spec("flat", TensorElementType.FP32, -1)],
            [],
            100);
        var manifest = new ModelManifest
        {
            Inputs = [Input("x", 2), Input("s", 1), Input("cube", 4), Input("ghost", 1)],
            Outputs = [new("a", "y", 2), new("b", "nothing"), new("c", "flat", 0), new("d", "y", 1)],
        };

        Assert.Equal(
            ["inputs.x", "inputs.s", "inputs.cube", "inputs.ghost", "inputs", "outputs.a.index", "outputs.b.output", "outputs.c.index"],
            manifest.Check(signature).Select(e => e.Target));
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : struct => Gen.Select(Gen.Bool, gen, static (isThere, value) => isThere ? value : (T?)null);

    private static ManifestInput Input(string name, int columns) => new(name, [.. Enumerable.Range(0, columns).Select(i => new ManifestColumn(ColumnSource.Request, $"c{i}"))]);

    private static TensorSpec Spec(string name, TensorElementType type, params long[] dimensions) => new(name, type, [.. dimensions], [.. dimensions.Select(_ => (string?)null)]);

    [Fact]
    public void Guards_AreReadAndWritten_AndManifestsWithoutThemKeepTheirDigest()
    {
        const string yaml = "guards: { min_requests: 60, error_rate: 0.05, p99_ms: 25, disagreement: { output: y, threshold: 0.7, rate: 0.02 }, performance: { margin: 0.1, min_outcomes: 50 }, drift: true, steps: [1, 12.5, 100] }";
        var guards = ModelManifest.Parse(yaml).Guards!;

        Assert.Equal((60, 0.05, 25.0, "y", 0.7, 0.02), (guards.MinRequests, guards.ErrorRate, guards.P99Ms, guards.Disagreement!.Output, guards.Disagreement.Threshold, guards.Disagreement.Rate));
        Assert.Equal((0.1, 50, true), (guards.Performance!.Margin, guards.Performance.MinOutcomes, guards.Drift));
        Assert.Equal([1, 12.5, 100], guards.Steps);
        Assert.Equal(ModelManifest.Parse(yaml).Digest(), ModelManifest.Parse(ModelManifest.Parse(yaml).ToYaml()).Digest());
        Assert.Equal(ModelManifest.Parse(yaml).Digest(), ModelManifest.FromJson(ModelManifest.Parse(yaml).ToJson()).Digest());
        Assert.DoesNotContain("guards", new ModelManifest().ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("min_requests: 0", "guards.min_requests")]
    [InlineData("error_rate: 1.5", "guards.error_rate")]
    [InlineData("p99_ms: 0", "guards.p99_ms")]
    [InlineData("disagreement: { rate: .nan }", "guards.disagreement.rate")]
    [InlineData("steps: [5, 5]", "guards.steps[1]")]
    [InlineData("steps: 5", "guards.steps")]
    [InlineData("drift: 5", "guards.drift")]
    [InlineData("performance: { margin: 0 }", "guards.performance.margin")]
    [InlineData("performance: { min_outcomes: 1 }", "guards.performance.min_outcomes")]
    [InlineData("performance: { auc: 0.1 }", "guards.performance.auc")]
    public void AGuardOutOfItsRange_IsNamed(string guard, string path)
    {
        var error = Assert.Throws<GridException>(() => ModelManifest.Parse($"guards: {{ {guard} }}"));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
