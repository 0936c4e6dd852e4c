using Grid.Monitoring.Detectors;

namespace Grid.Monitoring.Tests.Vectors;

public sealed class DetectorVectorTests
{
    [Theory]
    [InlineData("adwin.err_0.10_to_0.35_at_1000")]
    [InlineData("adwin.err_stable_0.10")]
    [InlineData("adwin.uniform_shift_at_600")]
    public void Adwin_CutsWhereTheReferenceCuts(string id)
    {
        var (input, expected) = DriftVectors.Get(id);
        var stream = Stream(id);
        Assert.Equal(input.Numbers("first10"), stream.Take(10));

        var adwin = new Adwin(input.Number("delta"));
        var detections = new List<int>();
        var states = new List<double[]>();
        for (var i = 0; i < stream.Length; i++)
        {
            if (adwin.Add(stream[i]))
            {
                detections.Add(i);
                states.Add([adwin.Width, adwin.Total, adwin.Variance]);
            }
        }

        Assert.Equal(expected.GetProperty("detections").EnumerateArray().Select(static d => d.GetInt32()), detections);
        Assert.Equal(expected.GetProperty("width_total_variance_at_detection").EnumerateArray().SelectMany(static r => r.Numbers()), states.SelectMany(static s => s), Close);
        Assert.Equal(expected.Numbers("final_width_total_variance"), (double[])[adwin.Width, adwin.Total, adwin.Variance], Close);
    }

    [Theory]
    [InlineData("page_hinkley.both.err_0.10_to_0.35_at_1000")]
    [InlineData("page_hinkley.up.err_0.10_to_0.35_at_1000")]
    [InlineData("page_hinkley.lambda8.err_0.10_to_0.35_at_1000")]
    [InlineData("page_hinkley.both.err_stable_0.10")]
    [InlineData("page_hinkley.up.err_stable_0.10")]
    [InlineData("page_hinkley.lambda8.err_stable_0.10")]
    [InlineData("page_hinkley.both.uniform_shift_at_600")]
    [InlineData("page_hinkley.up.uniform_shift_at_600")]
    [InlineData("page_hinkley.lambda8.uniform_shift_at_600")]
    [InlineData("page_hinkley.lambda8.err_0.30_to_0.08_at_1000")]
    public void PageHinkley_DetectsWhereTheReferenceDetects(string id)
    {
        var (input, expected) = DriftVectors.Get(id);
        var side = input.GetProperty("mode").GetString() == "up" ? PageHinkleySide.Up : PageHinkleySide.Both;
        var test = new PageHinkley(input.GetProperty("min_instances").GetInt32(), input.Number("delta"), input.Number("threshold"), input.Number("alpha"), side);
        Assert.Equal(expected.GetProperty("detections").EnumerateArray().Select(static d => d.GetInt32()), Detections(Stream(id), test.Add));
    }

    [Fact]
    public void Detectors_FindTheDocumentedChange()
    {
        var (input, expected) = DriftVectors.Get("river.docs_stream");
        var stream = input.Numbers("stream_values");
        Assert.Equal(expected.Numbers("adwin"), Detections(stream, new Adwin().Add).Select(static i => (double)i));
        Assert.Equal(expected.Numbers("page_hinkley_both"), Detections(stream, new PageHinkley().Add).Select(static i => (double)i));
    }

    private static int[] Detections(double[] stream, Func<double, bool> add) => [.. stream.Select((v, i) => (Index: i, Hit: add(v))).Where(static d => d.Hit).Select(static d => d.Index)];

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-6;

    private static double[] Stream(string id) => id[(id.IndexOf('.', id.StartsWith("page_hinkley", StringComparison.Ordinal) ? 13 : 0) + 1)..] switch
    {
        "err_0.10_to_0.35_at_1000" => Bernoulli(101, 2000, static i => i < 1000 ? 0.10 : 0.35),
        "err_stable_0.10" => Bernoulli(202, 3000, static _ => 0.10),
        "err_0.30_to_0.08_at_1000" => Bernoulli(405, 2000, static i => i < 1000 ? 0.30 : 0.08),
        _ => [.. DriftVectors.Uniform(303, 600).Select(static u => 5 * u), .. DriftVectors.Uniform(304, 600).Select(static u => 2.5 + (5 * u))],
    };

    private static double[] Bernoulli(int seed, int count, Func<int, double> p) => [.. DriftVectors.Uniform(seed, count).Select((u, i) => u < p(i) ? 1.0 : 0.0)];
}
