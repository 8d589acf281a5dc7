<?php
require __DIR__ . '/database.php';
$services = [];
foreach ($db->query('SELECT * FROM services ORDER BY category_id, position') as $service) {
    $services[$service['category_id']][] = $service;
}
$text = fn ($value) => htmlspecialchars((string) $value, ENT_QUOTES);
?>
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Services</title><link rel="stylesheet" href="/app.css"></head>
<body>
<header><a href="/">Agency</a> <nav><a href="/services">Services</a> <a href="/book">Book</a> <a href="/sign-in">Sign in</a></nav></header>
<main>
<h1>Services</h1>
<?php foreach ($db->query('SELECT * FROM categories ORDER BY position') as $category): ?>
<section id="<?= $text($category['slug']) ?>">
<h2><?= $text($category['name']) ?></h2>
<p class="hint"><?= $text($category['description']) ?></p>
<div class="grid">
<?php foreach ($services[$category['id']] ?? [] as $service): ?>
<article class="card">
<h3><a href="/services/<?= $text($service['slug']) ?>"><?= $text($service['name']) ?></a></h3>
<p><?= $text($service['summary']) ?></p>
<p class="facts"><span><?= $service['price_minor'] === null ? 'Price after review' : 'USD ' . number_format($service['price_minor'] / 100, 2) ?></span> <span><?= (int) $service['delivery_days'] ?> days</span></p>
<a class="button" href="/book?service=<?= $text($service['slug']) ?>">Book</a>
</article>
<?php endforeach ?>
</div>
</section>
<?php endforeach ?>
</main>
<footer><p>Agency</p></footer>
</body>
</html>
