using System.Text.Json;
using Grid.Monitoring.Baselines;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Statistics;

namespace Grid.Monitoring.Tests.Vectors;

public sealed class DistributionVectorTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Generator_IsTheOneOfTheVectors() => Assert.Equal(DriftVectors.Get("lcg.check").Expected.Numbers(), DriftVectors.Uniform(7, 5));

    [Fact]
    public void Psi_OfShares()
    {
        var (input, expected) = DriftVectors.Get("psi.fractions");
        Assert.Equal(expected.GetDouble(), Divergence.Psi(input.Numbers("reference_fractions"), input.Numbers("current_fractions")), Tolerance);
    }

    [Theory]
    [InlineData("psi.evidently.few_unique_new_value")]
    [InlineData("psi.evidently.categorical_new_category")]
    [InlineData("psi.evidently.tiny_share_fill")]
    [InlineData("psi.evidently.tiny_share_fill_1e6")]
    public void Psi_WithFilledShares(string id)
    {
        var (input, expected) = DriftVectors.Get(id);
        var (reference, current) = input.CategoryCounts();
        Assert.Equal(expected.Number("psi"), Divergence.Psi(Shares.Filled(reference), Shares.Filled(current)), Tolerance);
    }

    [Fact]
    public void Psi_OfEqualWidthBins()
    {
        var (input, expected) = DriftVectors.Get("psi.evidently.numeric_sturges");
        var edges = expected.Numbers("bin_edges");
        var reference = Shares.Filled(DriftVectors.Histogram(input.Numbers("reference"), edges));
        var current = Shares.Filled(DriftVectors.Histogram(input.Numbers("current"), edges));
        Assert.Equal(expected.Numbers("reference_percents_after_fill"), reference);
        Assert.Equal(expected.Numbers("current_percents_after_fill"), current);
        Assert.Equal(expected.Number("psi"), Divergence.Psi(reference, current), Tolerance);
    }

    [Theory]
    [InlineData("js.evidently.numeric")]
    [InlineData("hellinger.evidently.numeric")]
    public void Distances_OfEqualWidthBins(string id)
    {
        // The two were made on the edges of numpy's Sturges rule: of the sample for one, of the distinct values for the other.
        var (input, expected) = DriftVectors.Get(id);
        double[] reference = input.Numbers("reference"), current = input.Numbers("current");
        var all = reference.Concat(current).ToArray();
        var n = id.StartsWith("hellinger", StringComparison.Ordinal) ? all.Distinct().Count() : all.Length;
        var bins = (int)Math.Ceiling(Math.Log2(n) + 1);
        double low = all.Min(), high = all.Max();
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => low + ((high - low) * i / bins))];
        double[] p = Shares.Plain(DriftVectors.Histogram(reference, edges)), q = Shares.Plain(DriftVectors.Histogram(current, edges));
        var actual = id.StartsWith("js", StringComparison.Ordinal) ? Math.Sqrt(Divergence.JensenShannon(p, q)) : Divergence.Hellinger(p, q);
        Assert.Equal(expected.GetDouble(), actual, Tolerance);
    }

    [Theory]
    [InlineData("js.scipy")]
    [InlineData("js.disjoint")]
    public void JensenShannon_OfShares(string id)
    {
        var (input, expected) = DriftVectors.Get(id);
        double[] p = input.Numbers("p"), q = input.Numbers("q");
        Assert.Equal(expected.Number("base_e"), Math.Sqrt(Divergence.JensenShannon(p, q)), Tolerance);
        Assert.Equal(expected.Number("base_2"), Divergence.JensenShannonDistance(p, q), Tolerance);
    }

    [Fact]
    public void Categories_HaveTheirDistances()
    {
        var (input, natural) = DriftVectors.Get("js.evidently.categorical");
        var (reference, current) = input.CategoryCounts();
        double[] p = Shares.Plain(reference), q = Shares.Plain(current);
        Assert.Equal(natural.GetDouble(), Math.Sqrt(Divergence.JensenShannon(p, q)), Tolerance);
        Assert.Equal(DriftVectors.Get("js.nannyml.categorical").Expected.GetDouble(), Divergence.JensenShannonDistance(p, q), Tolerance);
        Assert.Equal(DriftVectors.Get("hellinger.nannyml.categorical").Expected.GetDouble(), Divergence.Hellinger(p, q), Tolerance);
    }

    [Fact]
    public void Hellinger_OfShares()
    {
        var (input, expected) = DriftVectors.Get("hellinger.fractions");
        Assert.Equal(expected.GetDouble(), Divergence.Hellinger(input.Numbers("p"), input.Numbers("q")), Tolerance);
    }

    [Fact]
    public void QuantileBins_HaveAllTheirMeasures()
    {
        var (_, expected) = DriftVectors.Get("psi.quantile10.jeffreys");
        double[] reference = [.. DriftVectors.Uniform(11, 2000).Select(static u => Math.Round(100 * u * u, 6))];
        double[] current = [.. DriftVectors.Uniform(12, 500).Select(static u => Math.Round((115 * u * u) + 2, 6))];
        var edges = BaselineBuilder.QuantileEdges([.. reference.Order()], 10);
        Assert.Equal(expected.Numbers("edges"), edges, (a, b) => Math.Abs(a - b) < Tolerance);

        var bins = new Bins(BinRule.LeftClosed, [.. edges]);
        long[] r = Count(reference), c = Count(current);
        Assert.Equal(expected.Numbers("current_counts"), c.Select(static n => (double)n));
        Assert.Equal(expected.Numbers("reference_counts"), r.Select(static n => (double)n));
        Assert.Equal(expected.Number("psi"), Divergence.Psi(Shares.Smoothed(r), Shares.Smoothed(c)), Tolerance);
        Assert.Equal(expected.Number("psi_evidently_fill"), Divergence.Psi(Shares.Filled(r), Shares.Filled(c)), Tolerance);
        Assert.Equal(expected.Number("js_distance_base2"), Divergence.JensenShannonDistance(Shares.Plain(r), Shares.Plain(c)), Tolerance);
        Assert.Equal(expected.Number("hellinger"), Divergence.Hellinger(Shares.Plain(r), Shares.Plain(c)), Tolerance);
        var chi = ChiSquareTest.Of(Array.ConvertAll(r, static n => (double)n), Array.ConvertAll(c, static n => (double)n));
        Assert.Equal(expected.Numbers("chi2_stat_and_p")[0], chi.Statistic, Tolerance);
        Assert.Equal(expected.Numbers("chi2_stat_and_p")[1], chi.P, 1e-24);

        WeightedSample x = WeightedSample.Of(reference), y = WeightedSample.Of(current);
        Assert.Equal(expected.Numbers("ks_exact_samples")[0], KolmogorovSmirnov.Statistic(x, y), Tolerance);
        Assert.Equal(expected.Numbers("ks_exact_samples")[1], KolmogorovSmirnov.ExactP(0.157, 2000, 500), Tolerance);
        Assert.InRange(KolmogorovSmirnov.AsymptoticP(0.157, 2000, 500), 1e-9, 2e-8);
        Assert.Equal(expected.Number("wasserstein"), Wasserstein.Distance(x, y), Tolerance);
        Assert.Equal(expected.Number("wasserstein_over_ref_std"), Wasserstein.Normalised(Wasserstein.Distance(x, y), expected.Numbers("ref_mean_std_pop")[1]), Tolerance);

        long[] Count(double[] values)
        {
            var counts = new long[bins.Count];
            foreach (var v in values)
            {
                counts[bins.IndexOf(v)]++;
            }

            return counts;
        }
    }

    [Fact]
    public void KolmogorovSmirnov_OfSmallSamples()
    {
        var (input, expected) = DriftVectors.Get("ks.two_sample.small");
        double[] x = input.Numbers("x"), y = input.Numbers("y");
        var d = KolmogorovSmirnov.Statistic(WeightedSample.Of(x), WeightedSample.Of(y));
        Assert.Equal(expected.Number("statistic"), d, Tolerance);
        Assert.Equal(expected.Number("p_exact"), KolmogorovSmirnov.ExactP(d, x.Length, y.Length), Tolerance);
    }

    [Fact]
    public void Wasserstein_OfSamples()
    {
        var (small, smallExpected) = DriftVectors.Get("wasserstein.small");
        Assert.Equal(smallExpected.GetDouble(), Wasserstein.Distance(WeightedSample.Of(small.Numbers("x")), WeightedSample.Of(small.Numbers("y"))), Tolerance);

        var (w, weighted) = DriftVectors.Get("wasserstein.weighted");
        Assert.Equal(
            weighted.GetDouble(),
            Wasserstein.Distance(WeightedSample.Of(w.Numbers("u_values"), w.Numbers("u_weights")), WeightedSample.Of(w.Numbers("v_values"), w.Numbers("v_weights"))),
            Tolerance);

        var (n, normalised) = DriftVectors.Get("wasserstein.evidently_normed");
        var reference = n.Numbers("reference");
        var deviation = Math.Sqrt(reference.Average(v => (v - reference.Average()) * (v - reference.Average())));
        Assert.Equal(normalised.GetDouble(), Wasserstein.Normalised(Wasserstein.Distance(WeightedSample.Of(reference), WeightedSample.Of(n.Numbers("current"))), deviation), Tolerance);
    }

    [Fact]
    public void ChiSquare_OfATable()
    {
        var (input, expected) = DriftVectors.Get("chi2.contingency");
        var table = input.GetProperty("table_reference_then_current");
        var test = ChiSquareTest.Of(table[0].Numbers(), table[1].Numbers());
        Assert.Equal(expected.Number("statistic"), test.Statistic, Tolerance);
        Assert.Equal(expected.Number("p"), test.P, 1e-20);
        Assert.Equal(expected.GetProperty("dof").GetInt32(), test.Degrees);
        Assert.Equal(Math.Sqrt(test.Statistic / 2000), test.CramersV, Tolerance);
    }

    [Fact]
    public void Proportions_HaveZAndWilson()
    {
        var (binary, p) = DriftVectors.Get("ztest.evidently.binary");
        double[] r = binary.Numbers("reference_ones_zeros"), c = binary.Numbers("current_ones_zeros");
        Assert.Equal(p.GetDouble(), ProportionTest.Of(r[0], r[0] + r[1], c[0], c[0] + c[1]).P, Tolerance);

        var (rate, expected) = DriftVectors.Get("rate.two_proportion");
        double[] k0 = rate.Numbers("reference_k_n"), k1 = rate.Numbers("current_k_n");
        var test = ProportionTest.Of(k0[0], k0[1], k1[0], k1[1]);
        Assert.Equal(expected.Number("z"), test.Z, Tolerance);
        Assert.Equal(expected.Number("p_two_sided"), test.P, Tolerance);

        var (w, interval) = DriftVectors.Get("rate.wilson95");
        var (low, high) = ProportionTest.Wilson(w.Number("k"), w.Number("n"), w.Number("z"));
        Assert.Equal(interval.Numbers()[0], low, Tolerance);
        Assert.Equal(interval.Numbers()[1], high, Tolerance);
    }

    [Fact]
    public void BenjaminiHochberg_AdjustsAFamily()
    {
        var (input, expected) = DriftVectors.Get("fdr.bh");
        var adjusted = BenjaminiHochberg.Adjust(input.Numbers("p"));
        Assert.Equal(expected.Numbers("adjusted"), adjusted, static (a, b) => Math.Abs(a - b) < Tolerance);
        Assert.Equal(expected.GetProperty("rejected_count").GetInt32(), adjusted.Count(p => p <= input.Number("q")));
    }

    [Fact]
    public void NullDistributions_KnowTheSampleSize()
    {
        var (_, expected) = DriftVectors.Get("null.sample_size_aware");
        foreach (var row in expected.EnumerateObject())
        {
            var m = int.Parse(row.Name, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(row.Value.Number("psi_q99"), NullDistribution.PsiQuantile(0.01, 100_000, m, 10), Tolerance);
            Assert.Equal(row.Value.Number("psi_q999"), NullDistribution.PsiQuantile(0.001, 100_000, m, 10), Tolerance);
            Assert.Equal(row.Value.Number("psi_q9999"), NullDistribution.PsiQuantile(0.0001, 100_000, m, 10), Tolerance);
            Assert.Equal(row.Value.Number("js_base2_distance_q999"), NullDistribution.JensenShannonDistanceQuantile(0.001, 100_000, m, 10), Tolerance);
            Assert.Equal(row.Value.Number("hellinger_q999"), NullDistribution.HellingerQuantile(0.001, 100_000, m, 10), Tolerance);
            Assert.Equal(row.Value.Number("ks_q999"), NullDistribution.KolmogorovSmirnovQuantile(0.001, 100_000, m), Tolerance);
            Assert.Equal(0.001, NullDistribution.PsiP(row.Value.Number("psi_q999"), 100_000, m, 10), Tolerance);
            Assert.Equal(0.001, NullDistribution.JensenShannonDistanceP(row.Value.Number("js_base2_distance_q999"), 100_000, m, 10), Tolerance);
            Assert.Equal(0.001, NullDistribution.HellingerP(row.Value.Number("hellinger_q999"), 100_000, m, 10), Tolerance);
        }
    }

    [Fact]
    public void Moments_MergeWithoutCancellation()
    {
        var (input, expected) = DriftVectors.Get("moments.merge");
        var merged = Of(input.Numbers("a"));
        merged.Merge(Of(input.Numbers("b")));
        Assert.Equal(5, merged.Count);
        Assert.Equal(expected.Number("mean"), merged.Mean, Tolerance);
        Assert.Equal(expected.Number("var_sample"), merged.SampleVariance, Tolerance);
        Assert.Equal(expected.Number("skew_biased"), merged.Skewness, Tolerance);
        Assert.Equal(expected.Number("kurtosis_excess_biased"), merged.ExcessKurtosis, Tolerance);

        var (values, variance) = DriftVectors.Get("moments.cancellation");
        Assert.Equal(variance.Number("var_sample"), Of(values.Numbers("values")).SampleVariance, Tolerance);

        static Moments Of(double[] numbers)
        {
            var moments = new Moments();
            foreach (var v in numbers)
            {
                moments.Add(v);
            }

            return moments;
        }
    }
}
